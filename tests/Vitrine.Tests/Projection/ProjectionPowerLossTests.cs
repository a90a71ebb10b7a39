using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

/// <summary>
/// The projection's files as a power cut leaves them: its log ends anywhere, or the rest of it is zeros. Whatever DuckDB
/// makes of that, the reports hold every acknowledged event in the end.
/// </summary>
public sealed class ProjectionPowerLossTests
{
    private const int Requests = 12;
    private const int EventsPerRequest = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_ends_anywhere_costs_nothing(bool zeros)
    {
        using var folder = new TemporaryFolder();
        using var torn = new TemporaryFolder();
        var log = await FillAsync(folder, torn);
        var samples = Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1" ? 2_000 : 25;
        var kept = new SortedSet<long>();
        for (var sample = 0; sample <= samples; sample++)
        {
            var length = (int)((long)log.Length * sample / samples);
            var rest = log.AsSpan(0, length).ToArray();
            if (zeros)
            {
                Array.Resize(ref rest, log.Length);
            }

            kept.Add(Restart(torn, rest));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Length:N0} bytes; positions found again: {string.Join(", ", kept)}");
        kept.Count.ShouldBeGreaterThan(zeros ? 0 : 2, "different lengths are different prefixes");
    }

    /// <summary>Fills a server, copies its files while it runs, and answers the projection's log.</summary>
    private static async Task<byte[]> FillAsync(TemporaryFolder folder, TemporaryFolder torn)
    {
        await using var server = await TestServer.StartAsync(folder.Path);
        var shop = server.OpenShop();
        for (var request = 0; request < Requests; request++)
        {
            var elements = Enumerable.Range(0, EventsPerRequest).Select(static _ => Bodies.Element(Bodies.Action()));
            (await shop.PostAsync(Bodies.Of([.. elements]))).Status.ShouldBe(200);
            await server.ProjectedAsync();
        }

        foreach (var file in Directory.GetFiles(folder.Path).Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(torn[Path.GetFileName(file)], ReadShared(file));
        }

        return ReadShared(ProjectionPaths.In(folder.Path).File + ".wal");
    }

    /// <summary>Opens the projection over such a log as the server does, lets it catch up, and answers where it had to begin.</summary>
    private static long Restart(TemporaryFolder torn, byte[] log)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(torn.Path))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        var paths = ProjectionPaths.In(folder.Path);
        File.WriteAllBytes(paths.File + ".wal", log);
        using var journal = JournalFile.Open(DataDirectory.JournalIn(folder.Path), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        long begun;
        try
        {
            begun = CatchUp(paths, journal);
        }
        catch (DuckDB.NET.Data.DuckDBException fault)
        {
            // What the projector does with a file that cannot be opened, beside the test of the server itself.
            ProjectionFile.MeansDamage(fault).ShouldBeTrue(fault.Message);
            paths.Delete();
            begun = CatchUp(paths, journal);
        }

        using var connection = ProjectionFile.Open(paths.File, new ProjectionOptions());
        Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT count(*) FROM events"), null).ShouldBe(Requests * EventsPerRequest);
        Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT count(DISTINCT uuid) FROM events"), null).ShouldBe(Requests * EventsPerRequest);
        return begun;
    }

    private static long CatchUp(ProjectionPaths paths, Microsoft.Data.Sqlite.SqliteConnection journal)
    {
        using var writer = new ProjectionWriter(
            paths.File, new ProjectionOptions { MemoryLimitBytes = 256 << 20 }, new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry()));
        var begun = writer.Position;
        var reached = begun;
        writer.Begin();
        while (SqliteJournal.ReadAfter(journal, reached) is { } group)
        {
            writer.Apply(group, reached);
            reached = group.LastPosition;
        }

        writer.Commit(reached);
        reached.ShouldBe(Requests);
        return begun;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
