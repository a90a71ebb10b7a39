using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Client.Queueing;
using Vitrine.Client.Tests.Support;

namespace Vitrine.Client.Tests.Queueing;

public sealed class EventQueueTests : IDisposable
{
    private const int Maximum = 65_536;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ClientMetrics _metrics = new(static () => 0);

    private long Bytes => Directory.GetFiles(_folder.Path).Sum(static file => new FileInfo(file).Length);

    [Fact]
    public void What_is_added_is_read_in_its_order_and_gone_once_it_is_completed()
    {
        using var queue = Open();
        Add(queue, 0, 1_000);
        for (var next = 0; next < 1_000;)
        {
            var lines = queue.Read(100, 1_000_000);
            lines.Select(Number).ShouldBe(Enumerable.Range(next, lines.Count));
            next += lines.Count;
            queue.Complete(lines);
            queue.Waiting.ShouldBe(1_000 - next);
        }

        queue.Read(1, 1).ShouldBeEmpty();
        Bytes.ShouldBeLessThanOrEqualTo(Maximum / 16);
    }

    [Fact]
    public void It_stays_within_its_limit_and_counts_the_oldest_that_go()
    {
        using var queue = Open();
        for (var number = 0; number < 10_000; number++)
        {
            Add(queue, number, 1);
            if (number % 100 == 0)
            {
                Bytes.ShouldBeLessThanOrEqualTo(Maximum);
            }
        }

        _metrics.AllDropped.ShouldBe(10_000 - queue.Waiting);
        Number(queue.Read(1, 1)[0]).ShouldBe((int)_metrics.AllDropped, "the newest are there");
    }

    [Fact]
    public void What_is_dropped_while_it_is_on_its_way_is_not_taken_away_from_what_follows()
    {
        using var queue = Open();
        Add(queue, 0, 100);
        var onTheirWay = queue.Read(100, 1_000_000);
        Add(queue, 100, 10_000);
        var waiting = queue.Waiting;
        queue.Complete(onTheirWay);
        queue.Waiting.ShouldBe(waiting);
        Number(queue.Read(1, 1)[0]).ShouldBe(10_100 - waiting);
    }

    [Fact]
    public void The_next_start_sends_what_was_left_and_first_what_is_older()
    {
        using (var first = Open())
        {
            Add(first, 0, 10);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        using (var second = new EventQueue(_folder["elsewhere"], Maximum, _time, _metrics, NullLogger.Instance))
        {
            Add(second, 10, 10);
        }

        foreach (var file in Directory.GetFiles(_folder["elsewhere"]))
        {
            File.Move(file, _folder[Path.GetFileName(file)]);
        }

        using var queue = Open();
        queue.Waiting.ShouldBe(20);
        Add(queue, 20, 10);
        var numbers = new List<int>();
        while (queue.Read(7, 1_000_000) is { Count: > 0 } lines)
        {
            numbers.AddRange(lines.Select(Number));
            queue.Complete(lines);
        }

        numbers.ShouldBe(Enumerable.Range(0, 30));
    }

    [Fact]
    public void What_another_process_has_open_is_left_alone_until_it_has_ended()
    {
        var other = Open();
        Add(other, 0, 10);
        using var queue = Open();
        queue.Waiting.ShouldBe(0);
        other.Dispose();
        queue.Adopt();
        queue.Waiting.ShouldBe(10);
    }

    [Fact]
    public void What_would_not_fit_is_taken_over_later_and_none_of_it_is_dropped()
    {
        var others = Enumerable.Range(0, 4).Select(_ => Open()).ToList();
        foreach (var (other, number) in others.Select(static (other, number) => (other, number)))
        {
            Add(other, number * 2_000, 2_000);
        }

        others.ForEach(static other => other.Dispose());
        var begin = _metrics.AllDropped;
        using var queue = Open();
        Directory.GetFiles(_folder.Path).Length.ShouldBeGreaterThan(16);
        var read = 0;
        for (var pass = 0; pass < 20; pass++)
        {
            queue.Adopt();
            while (queue.Read(100, 1_000_000) is { Count: > 0 } lines)
            {
                read += lines.Count;
                queue.Complete(lines);
            }
        }

        read.ShouldBe(8_000);
        _metrics.AllDropped.ShouldBe(begin);
    }

    [Fact]
    public void Somebody_may_tidy_the_folder_up()
    {
        using var queue = Open();
        Add(queue, 0, 1);
        Directory.Delete(_folder.Path, recursive: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Add(queue, 1, 1);
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
        queue.Waiting.ShouldBe(2, "the first is still in what is open");
    }

    [Fact]
    public void Where_nothing_can_be_written_memory_serves_until_something_can()
    {
        File.WriteAllText(_folder["taken"], "a file where the folder would be");
        using var queue = new EventQueue(_folder["taken"], Maximum, _time, _metrics, NullLogger.Instance);
        Add(queue, 0, 10);
        queue.Read(100, 1_000_000).Count.ShouldBe(10);
        File.Delete(_folder["taken"]);
        Add(queue, 10, 1);
        Directory.Exists(_folder["taken"]).ShouldBeFalse("that would be tried with each event");
        _time.Advance(TimeSpan.FromSeconds(10));
        Add(queue, 11, 1);
        Directory.GetFiles(_folder["taken"]).ShouldHaveSingleItem();
        queue.Waiting.ShouldBe(12);
    }

    [Fact]
    public async Task Many_threads_add_and_none_cuts_into_anothers_line()
    {
        using (var queue = new EventQueue(_folder.Path, 64 << 20, _time, _metrics, NullLogger.Instance))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() => Add(queue, thread * 1_000, 1_000))));
        }

        using var again = new EventQueue(_folder.Path, 64 << 20, _time, _metrics, NullLogger.Instance);
        var numbers = new List<int>();
        while (again.Read(100, 1_000_000) is { Count: > 0 } lines)
        {
            numbers.AddRange(lines.Select(Number));
            again.Complete(lines);
        }

        numbers.Order().ShouldBe(Enumerable.Range(0, 8_000));
    }

    [Fact]
    public void A_closed_one_takes_nothing_and_leaves_no_empty_file()
    {
        var queue = Open();
        Add(queue, 0, 1);
        queue.Complete(queue.Read(1, 1));
        queue.Dispose();
        queue.Append([(byte)'\n']).ShouldBeFalse();
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _folder.Dispose();
    }

    private static void Add(EventQueue queue, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            queue.Append(Encoding.ASCII.GetBytes($"{{\"number\":{number}}}\n")).ShouldBeTrue();
        }
    }

    private static int Number(byte[] line) => int.Parse(Encoding.ASCII.GetString(line)[10..^1], CultureInfo.InvariantCulture);

    private EventQueue Open() => new(_folder.Path, Maximum, _time, _metrics, NullLogger.Instance);
}
