using System.Text;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Cluster.Migration;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster.Migration;

/// <summary>A journal by blocks, whichever groups it was written in.</summary>
public sealed class JournalBlocksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(62, 1)]
    [InlineData(63, 1)]
    [InlineData(64, 2)]
    [InlineData(500, 8)]
    public async Task Every_record_is_in_its_block_and_comes_back_from_its_message(int records, int blocks)
    {
        await using var journal = Open();
        await AppendAsync(journal, records);

        var read = JournalBlocks.Read(journal).ToList();

        read.Count.ShouldBe(blocks);
        JournalBlocks.First(journal).ShouldBe(0);
        ThroughMessages(read, 0).ShouldBe(Enumerable.Range(1, records).Select(static position => ((long)position, $"record {position}")));
    }

    [Fact]
    public async Task A_trimmed_journal_begins_within_a_block()
    {
        await using var journal = Open();
        for (var round = 0; round < 150; round++)
        {
            await AppendAsync(journal, 1);
        }

        (await journal.TrimAsync(99)).ShouldBe(100);

        var read = JournalBlocks.Read(journal).ToList();

        JournalBlocks.First(journal).ShouldBe(1);
        read.Select(static block => (block.FirstPosition, block.Count)).ShouldBe([(100, 28), (128, 23)]);
        ThroughMessages(read, 1).Select(static record => record.Position).ShouldBe(Enumerable.Range(100, 51).Select(static position => (long)position));
    }

    [Fact]
    public async Task A_journal_without_records_has_no_blocks()
    {
        await using var journal = Open();
        JournalBlocks.Read(journal).ShouldBeEmpty();
        JournalBlocks.First(journal).ShouldBe(1, "as a stream that begins empty");
    }

    private static List<(long Position, string Text)> ThroughMessages(List<JournalGroup> blocks, long firstBlock)
    {
        var records = new List<(long, string)>();
        var sequence = 0UL;
        foreach (var block in blocks)
        {
            foreach (var limit in new[] { 1 << 20, StreamMessage.Measure(block, 0) }) // Plain, and compressed.
            {
                var group = StreamMessage.Read(new StreamPositions(firstBlock), sequence + 1, StreamMessage.Write(block, limit).ShouldNotBeNull());
                (group.FirstPosition, group.Count).ShouldBe((block.FirstPosition, block.Count));
                group.Payload.ToArray().ShouldBe(block.Payload.ToArray());
                group.LastPosition.ShouldBe(((firstBlock + (long)sequence) * 64) + 63);
            }

            sequence++;
            var walk = block.Records;
            while (walk.MoveNext())
            {
                records.Add((walk.Position, Encoding.UTF8.GetString(walk.Record)));
            }
        }

        return records;
    }

    private SqliteJournal Open() => new(_folder["journal.db"], new JournalOptions { GroupBytes = 2000 }, Clock.New(), new JournalMetrics(Metrics.NewCustomRegistry()));

    private static async Task AppendAsync(SqliteJournal journal, int count)
    {
        var first = journal.Head + 1;
        foreach (var batch in Enumerable.Range(0, count).Chunk(40))
        {
            await Task.WhenAll(batch.Select(async index =>
            {
                var record = PendingRecord.Rent();
                record.Body.WriteRaw(Encoding.UTF8.GetBytes($"record {first + index}"));
                (await journal.AppendAsync("SHOP", record)).Outcome.ShouldBe(AppendOutcome.Durable);
            }));
        }
    }
}
