using System.CommandLine;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Commands;

/// <summary><c>vitrine journal verify|inspect</c>. Both only read, and may run beside a server.</summary>
internal static class JournalCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("journal", "Check and read the journal") { CreateVerify(), CreateInspect() };

    private static Command CreateVerify()
    {
        var data = CommonOptions.Data();
        var command = new Command("verify", "Read every record and check its checksum and its place") { data };
        command.SetAction(parsed =>
        {
            using var directory = DataDirectory.Visit(parsed.GetValue(data)!);
            using var journal = OpenForReading(directory.Journal);
            var result = JournalVerification.Run(journal);
            foreach (var damage in result.Damages)
            {
                Console.Error.WriteLine($"vitrine: {damage}");
            }

            Console.WriteLine(
                $"{result.Records:N0} records in {result.Groups:N0} groups, {result.Bytes:N0} bytes, positions {result.First:N0}–{result.Last:N0}: "
                + (result.Damages.Count == 0 ? "sound" : $"{result.Damages.Count} damaged"));
            return result.Damages.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command CreateInspect()
    {
        var request = new Argument<string?>("request") { Description = "A req_id, or a position", Arity = ArgumentArity.ZeroOrOne };
        var last = new Option<int>("--last") { Description = "Without a request: how many of the newest records", DefaultValueFactory = static _ => 10 };
        var data = CommonOptions.Data();
        var command = new Command("inspect", "Print records as JSON, one a line") { request, last, data };
        command.SetAction(parsed =>
        {
            using var directory = DataDirectory.Visit(parsed.GetValue(data)!);
            using var journal = OpenForReading(directory.Journal);
            var (from, to) = Range(journal, parsed.GetValue(request), parsed.GetValue(last));
            using var output = Console.OpenStandardOutput();
            for (var position = from - 1; position < to && SqliteJournal.ReadAfter(journal, position) is { } group; position = group.LastPosition)
            {
                Print(group, from, to, output);
            }
        });
        return command;
    }

    private static void Print(JournalGroup group, long from, long to, Stream output)
    {
        var records = group.Records;
        while (Next(ref records))
        {
            if (records.Position < from || records.Position > to)
            {
                continue;
            }

            using (var writer = new Utf8JsonWriter(output, RecordJson.Options))
            {
                RecordJson.Write(writer, records.Position, records.Record);
            }

            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>Says what is damaged and goes on behind it.</summary>
    private static bool Next(ref JournalGroup.RecordEnumerator records)
    {
        while (true)
        {
            try
            {
                return records.MoveNext();
            }
            catch (JournalDamagedException damage)
            {
                Console.Error.WriteLine($"vitrine: {damage.Message}");
            }
        }
    }

    private static (long From, long To) Range(SqliteConnection journal, string? request, int last)
    {
        if (request is null)
        {
            var head = SqliteJournal.Extent(journal).Last;
            return (Math.Max(1, head - Math.Max(1, last) + 1), head);
        }

        if (!RequestId.TryParse(request, out var position) && !(long.TryParse(request, out position) && position > 0))
        {
            throw new CommandException($"'{request}' is neither a req_id (eight letters and digits) nor a position");
        }

        return SqliteJournal.ReadAfter(journal, position - 1) is { } group && group.FirstPosition <= position && position < group.FirstPosition + group.Count
            ? (position, position)
            : throw new CommandException($"the journal holds no record at position {position}");
    }

    private static SqliteConnection OpenForReading(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException($"there is no journal {path}");
        }

        var connection = JournalFile.Open(path, SqliteOpenMode.ReadOnly);
        JournalFile.RefuseNewer(connection);
        return connection;
    }
}
