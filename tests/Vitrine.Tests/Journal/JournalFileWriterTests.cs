using Microsoft.Data.Sqlite;
using Prometheus;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Journal;

/// <summary>A journal that leaves positions out, as one that was moved out of a cluster does.</summary>
public sealed class JournalFileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Positions_that_are_left_out_are_no_damage_and_appending_goes_on_behind_the_last()
    {
        Write((64, 3), (128, 1));
        var verified = Verified();
        verified.Damages.ShouldBeEmpty();
        (verified.Groups, verified.Records, verified.Bytes, verified.First, verified.Last).ShouldBe((5, 4, 4 * (RecordFrame.HeaderLength + 11), 1, 191));

        await using var journal = Open();

        (journal.FirstPosition, journal.Head).ShouldBe((1, 191));
        Positions(journal).ShouldBe([64, 65, 66, 128]);
        journal.Find(65).ShouldNotBeNull();
        journal.Find(67).ShouldBeNull();
        journal.Find(1).ShouldBeNull();
        var record = PendingRecord.Rent();
        record.Body.WriteRaw(Record(192));
        (await journal.AppendAsync("SHOP", record)).ShouldBe(new AppendResult(AppendOutcome.Durable, 192));
        Positions(journal).ShouldBe([64, 65, 66, 128, 192]);
    }

    [Theory]
    [InlineData("DELETE FROM journal_group WHERE first_position = 64", 1)] // The row of left-out positions before it would reach further than it says.
    [InlineData("DELETE FROM journal_group WHERE first_position = 67", 64)]
    [InlineData("UPDATE journal_group SET payload = zeroblob(15) WHERE first_position = 67", 67)]
    [InlineData("UPDATE journal_group SET first_position = 68, record_count = 60 WHERE first_position = 67", 64)]
    public async Task A_row_that_is_lost_or_changed_is_damage(string harm, long near)
    {
        Write((64, 3), (128, 1));
        using (var file = JournalFile.Open(_folder["journal.db"], SqliteOpenMode.ReadWrite))
        {
            JournalFile.Execute(file, harm);
        }

        Verified().Damages.ShouldNotBeEmpty($"near {near}");
        await using var journal = Open();
        Positions(journal).ShouldContain(128, "what lies behind is read");
    }

    [Fact]
    public async Task What_is_left_out_is_trimmed_with_the_rest_and_passed_over_when_records_are_rewritten()
    {
        Write((64, 3), (128, 2), (300, 1));
        await using var journal = Open();
        (await journal.RewriteAsync(journal.Head, static (position, _, replacement) =>
        {
            replacement.WriteRaw(Record(-position));
            return position == 65;
        }, static _ => true, TestContext.Current.CancellationToken)).ShouldBe(1);
        journal.Find(65).ShouldBe(Record(-65));
        Positions(journal).ShouldBe([64, 65, 66, 128, 129, 300]);

        (await journal.TrimAsync(127)).ShouldBe(128);

        Positions(journal).ShouldBe([128, 129, 300]);
    }

    [Fact]
    public async Task A_trimmed_journal_begins_where_it_is_said_to()
    {
        using (var writer = new JournalFileWriter(_folder["journal.db"], 1000))
        {
            writer.Add(Group(1100, 1));
            writer.Finish(1151);
        }

        await using var journal = Open();
        (journal.FirstPosition, journal.Head).ShouldBe((1000, 1151));
        Positions(journal).ShouldBe([1100]);
    }

    private void Write(params (long First, int Count)[] groups)
    {
        using var writer = new JournalFileWriter(_folder["journal.db"], 1);
        foreach (var (first, count) in groups)
        {
            writer.Add(Group(first, count));
        }

        writer.Finish((groups[^1].First / 64 * 64) + 63);
    }

    private static JournalGroup Group(long first, int count)
    {
        var payload = new ByteWriter();
        for (var position = first; position < first + count; position++)
        {
            RecordFrame.Append(payload, position, Record(position));
        }

        return new JournalGroup(first, count, payload.Written.ToArray());
    }

    /// <summary>Kind, version, when it was received, and something.</summary>
    private static byte[] Record(long number) => [7, 1, 100, .. BitConverter.GetBytes(number)];

    private JournalVerification Verified()
    {
        using var file = JournalFile.Open(_folder["journal.db"], SqliteOpenMode.ReadOnly);
        return JournalVerification.Run(file);
    }

    private static List<long> Positions(SqliteJournal journal)
    {
        var positions = new List<long>();
        for (var position = journal.FirstPosition - 1; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            var records = group.Records;
            while (records.MoveNextSound())
            {
                positions.Add(records.Position);
            }
        }

        return positions;
    }

    private SqliteJournal Open() => new(_folder["journal.db"], new JournalOptions(), Clock.New(), new JournalMetrics(Metrics.NewCustomRegistry()));
}
