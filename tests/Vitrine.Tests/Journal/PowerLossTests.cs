using System.Text;
using Prometheus;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Journal;

/// <summary>
/// The journal's files as a power cut leaves them: all that was synced is there, and of what was written after it any
/// part, the rest missing or zeros.
/// </summary>
public sealed class PowerLossTests : IDisposable
{
    private const int Synced = 6;
    private const int Unsynced = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_ends_anywhere_is_a_prefix_with_all_that_was_acknowledged(bool zeros)
    {
        var (file, log, syncedLength) = await WriteAsync();
        var step = Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1" ? 3 : 257;
        var prefixes = new SortedSet<long>();
        for (var length = syncedLength; length <= log.Length; length += Math.Max(1, Math.Min(step, log.Length - length)))
        {
            var torn = log.AsSpan(0, length).ToArray();
            if (zeros)
            {
                Array.Resize(ref torn, log.Length);
            }

            File.WriteAllBytes(_folder["journal.db"], file);
            File.WriteAllBytes(_folder["journal.db-wal"], torn);
            File.Delete(_folder["journal.db-shm"]);
            await using var journal = Open();
            journal.Head.ShouldBeInRange(Synced, Synced + Unsynced);
            Read(journal).ShouldBe(Enumerable.Range(1, (int)journal.Head).Select(Text));
            prefixes.Add(journal.Head);
            if (length == log.Length)
            {
                break;
            }
        }

        prefixes.ShouldBe([.. Enumerable.Range(Synced, Unsynced + 1).Select(static head => (long)head)]);
        await using var last = Open();
        (await AppendAsync(last, "after it")).ShouldBe(new AppendResult(AppendOutcome.Durable, Synced + Unsynced + 1));
    }

    /// <summary>The file and the log of a journal that was not closed, and how much of the log was there before the last records.</summary>
    private async Task<(byte[] File, byte[] Log, int SyncedLength)> WriteAsync()
    {
        await using var journal = Open();
        for (var record = 1; record <= Synced; record++)
        {
            await AppendAsync(journal, Text(record));
        }

        var synced = (int)new FileInfo(_folder["journal.db-wal"]).Length;
        for (var record = Synced + 1; record <= Synced + Unsynced; record++)
        {
            await AppendAsync(journal, Text(record));
        }

        return (ReadShared(_folder["journal.db"]), ReadShared(_folder["journal.db-wal"]), synced);
    }

    private static string Text(int record) => $"record {record} {new string((char)('a' + record), 300)}";

    private SqliteJournal Open() =>
        new(_folder["journal.db"], new JournalOptions(), Clock.New(), new JournalMetrics(Metrics.NewCustomRegistry()));

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static async ValueTask<AppendResult> AppendAsync(SqliteJournal journal, string text)
    {
        var record = PendingRecord.Rent();
        record.Body.WriteRaw(Encoding.UTF8.GetBytes(text));
        var result = await journal.AppendAsync("SHOP", record);
        record.Return();
        return result;
    }

    private static List<string> Read(SqliteJournal journal)
    {
        var read = new List<string>();
        for (long position = 0; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            var records = group.Records;
            while (records.MoveNext())
            {
                read.Add(Encoding.UTF8.GetString(records.Record));
            }
        }

        return read;
    }
}
