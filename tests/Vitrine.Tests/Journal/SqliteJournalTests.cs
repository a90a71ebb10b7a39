using System.Text;
using Microsoft.Data.Sqlite;
using Prometheus;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Journal;

public sealed class SqliteJournalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_are_read_back_in_order_also_after_a_restart()
    {
        await using (var journal = Open())
        {
            (journal.FirstPosition, journal.Head).ShouldBe((1, 0));
            journal.ReadAfter(0).ShouldBeNull();
            for (var count = 1; count <= 20; count++)
            {
                (await AppendAsync(journal, $"record {count}")).ShouldBe(new AppendResult(AppendOutcome.Durable, count));
            }

            Read(journal, 0).ShouldBe(Enumerable.Range(1, 20).Select(static count => ((long)count, $"record {count}")));
        }

        await using var again = Open();
        (again.FirstPosition, again.Head).ShouldBe((1, 20));
        (await AppendAsync(again, "record 21")).Position.ShouldBe(21);
        Read(again, 0).ShouldBe(Enumerable.Range(1, 21).Select(static count => ((long)count, $"record {count}")));
    }

    /// <summary>Each of many crashes comes before the log has grown enough for a copy; together they must not let it grow for ever.</summary>
    [Fact]
    public async Task A_write_ahead_log_left_by_a_crash_is_copied_into_the_file_after_the_next_start()
    {
        var crashed = _folder["crashed.db"];
        await using (var journal = Open())
        {
            for (var count = 0; count < 33; count++)
            {
                await AppendAsync(journal, new string('x', 1_010_000)); // 33.3 MB of payload, and of the log a little more than the 32 MiB.
            }

            foreach (var suffix in new[] { "", "-wal" })
            {
                File.Copy(_folder["journal.db"] + suffix, crashed + suffix);
            }
        }

        new FileInfo(crashed).Length.ShouldBeLessThan(1 << 20);
        new FileInfo(crashed + "-wal").Length.ShouldBeGreaterThan(32 << 20);
        await using var again = new SqliteJournal(crashed, new JournalOptions(), TimeProvider.System, new JournalMetrics(Metrics.NewCustomRegistry()));
        again.Head.ShouldBe(33);
        await Eventually.BeTrueAsync(() => Task.FromResult(new FileInfo(crashed).Length > 16 << 20));
    }

    [Theory]
    [InlineData(32L << 20)]
    [InlineData(0L)]
    [InlineData(300L)]
    public async Task Reading_begins_anywhere_in_memory_or_in_the_file(long tailBytes)
    {
        await using var journal = Open(new JournalOptions { TailBytes = tailBytes });
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => AppendAsync(journal, "record").AsTask()));
        }

        for (var position = 0; position < 70; position++)
        {
            var group = journal.ReadAfter(position)!;
            group.FirstPosition.ShouldBeLessThanOrEqualTo(position + 1);
            group.LastPosition.ShouldBeGreaterThan(position);
            Read(journal, position).Count.ShouldBe(70 - position);
        }

        journal.ReadAfter(70).ShouldBeNull();
    }

    [Fact]
    public async Task Many_appenders_get_positions_without_a_gap_and_share_groups()
    {
        await using var journal = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(appender => Task.Run(async () =>
        {
            var mine = new List<(long Position, string Text)>();
            for (var count = 0; count < 40; count++)
            {
                var text = $"{appender}/{count}";
                mine.Add(((await AppendAsync(journal, text)).Position, text));
            }

            mine.Select(static one => one.Position).ShouldBeInOrder();
            return mine;
        })));

        Read(journal, 0).ShouldBe(results.SelectMany(static one => one).OrderBy(static one => one.Position));
        journal.Head.ShouldBe(32 * 40);
        var groups = 0;
        for (long position = 0; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            groups++;
        }

        groups.ShouldBeLessThan(32 * 40);
    }

    [Fact]
    public async Task A_group_is_closed_when_it_is_large_enough()
    {
        await using var journal = Open(new JournalOptions { GroupBytes = 5000 });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AppendAsync(journal, new string('x', 2000)).AsTask()));
        for (long position = 0; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            group.Count.ShouldBeLessThanOrEqualTo(2);
        }

        journal.Head.ShouldBe(50);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_stores_nothing()
    {
        await using var journal = Open(new JournalOptions { QueueBytes = 100 });
        (await AppendAsync(journal, new string('x', 101))).ShouldBe(new AppendResult(AppendOutcome.Overloaded, 0));
        (await AppendAsync(journal, new string('x', 100))).Outcome.ShouldBe(AppendOutcome.Durable);
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AppendAsync(journal, new string('y', 60)).AsTask())));
        results.ShouldAllBe(static result => result.Outcome == AppendOutcome.Durable || result.Outcome == AppendOutcome.Overloaded);
        journal.Head.ShouldBe(1 + results.Count(static result => result.Outcome == AppendOutcome.Durable));
        (await AppendAsync(journal, "again")).Outcome.ShouldBe(AppendOutcome.Durable);
    }

    [Fact]
    public async Task A_disk_without_its_reserve_is_unwritable()
    {
        await using var journal = Open(new JournalOptions { ReservedBytes = long.MaxValue / 2 });
        (await AppendAsync(journal, "x")).Outcome.ShouldBe(AppendOutcome.Unwritable);
        journal.Head.ShouldBe(0);
        journal.Health.Writable.ShouldBeFalse();
        journal.Health.Reason.ShouldContain("reserve");
    }

    [Fact]
    public async Task A_closed_journal_refuses()
    {
        var journal = Open();
        await journal.DisposeAsync();
        (await AppendAsync(journal, "x")).Outcome.ShouldBe(AppendOutcome.Closing);
        journal.WaitBeyond(0, CancellationToken.None).ShouldBeFalse();
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_a_record_by_cancellation_and_by_the_end()
    {
        var journal = Open();
        var byRecord = Task.Factory.StartNew(() => journal.WaitBeyond(0, CancellationToken.None), TaskCreationOptions.LongRunning);
        await AppendAsync(journal, "x");
        (await byRecord.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeTrue();

        using var cancellation = new CancellationTokenSource();
        var byCancellation = Task.Factory.StartNew(() => journal.WaitBeyond(1, cancellation.Token), TaskCreationOptions.LongRunning);
        await cancellation.CancelAsync();
        (await byCancellation.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeFalse();

        var byEnd = Task.Factory.StartNew(() => journal.WaitBeyond(1, CancellationToken.None), TaskCreationOptions.LongRunning);
        await journal.DisposeAsync();
        (await byEnd.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task An_earlier_layout_is_opened_read_on_and_marked_so_that_an_earlier_server_refuses_it(int layout)
    {
        await using (var journal = Open())
        {
            await AppendAsync(journal, "before");
        }

        Query($"PRAGMA user_version = {layout}");
        await using (var journal = Open())
        {
            await AppendAsync(journal, "after");
            Read(journal, 0).ShouldBe([(1, "before"), (2, "after")]);
        }

        Query("PRAGMA user_version").ShouldBe((long)SqliteJournal.LayoutVersion);
    }

    [Fact]
    public async Task A_newer_layout_is_refused_and_left_as_it_is()
    {
        await Open().DisposeAsync();
        Query($"PRAGMA user_version = {SqliteJournal.LayoutVersion + 1}");
        Should.Throw<InvalidDataException>(() => Open()).Message.ShouldContain("newer");
        Should.Throw<InvalidDataException>(() => Open());
    }

    private SqliteJournal Open(JournalOptions? options = null) =>
        new(_folder["journal.db"], options ?? new JournalOptions(), Clock.New(), new JournalMetrics(Metrics.NewCustomRegistry()));

    private object? Query(string sql)
    {
        using var connection = JournalFile.Open(_folder["journal.db"], SqliteOpenMode.ReadWrite);
        return JournalFile.Scalar(connection, sql);
    }

    private static async ValueTask<AppendResult> AppendAsync(SqliteJournal journal, string text)
    {
        var record = PendingRecord.Rent();
        record.Body.WriteRaw(Encoding.UTF8.GetBytes(text));
        var result = await journal.AppendAsync("SHOP", record);
        record.Return();
        return result;
    }

    private static List<(long Position, string Text)> Read(SqliteJournal journal, long after)
    {
        var read = new List<(long, string)>();
        var position = after;
        while (journal.ReadAfter(position) is { } group)
        {
            var records = group.Records;
            while (records.MoveNext())
            {
                if (records.Position > after)
                {
                    read.Add((records.Position, Encoding.UTF8.GetString(records.Record)));
                }
            }

            position = group.LastPosition;
        }

        return read;
    }
}
