using System.Globalization;
using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.ReportBench;

/// <summary>A data folder as a server leaves it that has counted a given number of events.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Events">How many there are, a multiple of 100.</param>
/// <param name="Experiences">Over how many experiences they are spread, each with three variations.</param>
/// <param name="Customers">Of how many customers they are.</param>
internal sealed record DataFolder(string Path, long Events, int Experiences, int Customers)
{
    /// <summary>The workspace that they belong to.</summary>
    public const string Workspace = "LOAD";

    /// <summary>Unix seconds of the first of the thirty days.</summary>
    public static readonly long Start = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private const int EventsAtOnce = 4_000_000;

    /// <summary>How many goal events there are; without any, customers see all variations.</summary>
    public long GoalEvents { get; init; }

    /// <summary>Makes it, unless it is there already.</summary>
    public void Make()
    {
        if (File.Exists(Projection))
        {
            return;
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true); // Half made, or by a server that found it half made.
        }

        Directory.CreateDirectory(Path);
        MakeJournal();
        MakeProjection();
    }

    /// <summary>Deletes it.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);

    /// <summary>Bytes of the projection for each event.</summary>
    public double BytesPerEvent => (double)new FileInfo(Projection).Length / Events;

    /// <summary>The projection's file.</summary>
    public string Projection => ProjectionPaths.In(Path).File;

    /// <summary>A journal that has the positions and not the records: they are projected, so nobody reads them again.</summary>
    private void MakeJournal()
    {
        using var journal = JournalFile.Open(DataDirectory.JournalIn(Path), SqliteOpenMode.ReadWriteCreate);
        JournalFile.Prepare(journal);
        JournalFile.Execute(journal, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO journal_group VALUES (1, {Events / 100}, {(Start + (30 * 86400)) * 1000}, x'')"));
    }

    private void MakeProjection()
    {
        using var connection = ProjectionFile.Open(Projection + ".making", new ProjectionOptions());
        ProjectionFile.Prepare(connection);
        ProjectionFile.Execute(connection, $"SET threads = {Environment.ProcessorCount}");
        for (var first = 0L; first < Events; first += EventsAtOnce)
        {
            var last = Math.Min(Events, first + EventsAtOnce);
            ProjectionFile.Execute(connection, Sql("Events", ("first", first), ("last", last)));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{last:N0} of {Events:N0} events are made"));
        }

        ProjectionFile.Execute(connection, Sql("Names"));
        if (GoalEvents > 0)
        {
            ProjectionFile.Execute(connection, Sql("GoalEvents"));
        }

        connection.Close();
        File.Move(Projection + ".making", Projection);
    }

    private string Sql(string name, params IEnumerable<(string Name, long Value)> values)
    {
        using var stream = typeof(DataFolder).Assembly.GetManifestResourceStream($"Vitrine.ReportBench.Sql.{name}.sql")!;
        using var reader = new StreamReader(stream);
        var sql = reader.ReadToEnd().Replace("{workspace}", Workspace, StringComparison.Ordinal);
        foreach (var (key, value) in values.Concat([("events", Events), ("experiences", Experiences), ("customers", Customers), ("start", Start), ("goal_events", GoalEvents)]))
        {
            sql = sql.Replace($"{{{key}}}", value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        return sql;
    }
}
