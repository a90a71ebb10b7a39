using Microsoft.Data.Sqlite;
using Vitrine.Forwarding;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Forwarding;

public sealed class ForwardingStoreTests : IDisposable
{
    private static readonly WebhookTarget Hook = new() { Name = "hook", Environment = "SHOP", Url = new Uri("http://localhost"), Secret = "0123456789abcdef" };
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["forwarding.db"];

    [Fact]
    public void A_batch_moves_the_bookmark_and_keeps_what_came_of_it()
    {
        using (var store = new ForwardingStore(File))
        {
            store.Find("hook").ShouldBeNull();
            store.Begin(Hook, 5);
            var outcome = new BatchOutcome();
            outcome.Deliver(9);
            outcome.SetAside(new AsideItem(7, 0, 1, "a-uuid", "impression", 422, "answered 422", 1_000));
            outcome.Compare(Clock.Start.ToUnixTimeMilliseconds(), 422, 7);
            store.Complete("hook", new ForwardedBatch(6, 12, [], Missed: 3), 2_000, outcome);
        }

        using var again = new ForwardingStore(File);
        again.Find("hook").ShouldBe(new Bookmark("hook", "webhook", "SHOP", 12, 2_000, 9, 3));
        again.Aside("hook", 10).ShouldHaveSingleItem().ShouldBe(new AsideItem(7, 0, 1, "a-uuid", "impression", 422, "answered 422", 1_000));
        again.AsideCounts().ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, long>("hook", 1));
        again.Answers("hook", "2026-11-24", "2026-11-24").ShouldHaveSingleItem().Requests.ShouldBe(1);
        again.Answers("hook", "2026-11-25", "2026-11-30").ShouldBeEmpty();
    }

    [Fact]
    public void What_is_set_aside_is_read_in_pieces_and_settled_one_by_one()
    {
        using var store = new ForwardingStore(File);
        store.Begin(Hook, 0);
        var items = Enumerable.Range(0, 25).Select(static number => new AsideItem(number / 5, number % 5, 0, "u", "click", 400, "answered 400", 1)).ToList();
        items.ForEach(one => store.SetAside("hook", one));
        store.SetAside("hook", items[3] with { Status = 413, At = 2 });
        var read = store.Aside("hook", 10);
        read.Concat(store.Aside("hook", 10, read[^1])).Concat(store.Aside("hook", 10, items[19])).Select(static one => (one.Position, one.Element)).ShouldBe(items.Select(static one => (one.Position, one.Element)));
        read[3].Status.ShouldBe(413);
        store.Settle("hook", items[0], isSent: true);
        store.Settle("hook", items[1], isSent: false);
        store.AsideCounts()["hook"].ShouldBe(23);
        store.Find("hook")!.Sent.ShouldBe(1);
    }

    [Fact]
    public void Answers_of_a_day_add_up()
    {
        using var store = new ForwardingStore(File);
        store.Compare("hook", new ComparedAnswers("2026-11-24", 400, 200, 1, "first"));
        store.Compare("hook", new ComparedAnswers("2026-11-24", 400, 200, 2, "second"));
        store.Compare("hook", new ComparedAnswers("2026-11-24", 400, 400, 1, "third"));
        store.Answers("hook", "2026-11-01", "2026-11-30").ShouldBe([new ComparedAnswers("2026-11-24", 400, 200, 3, "second"), new ComparedAnswers("2026-11-24", 400, 400, 1, "third")]);
    }

    [Fact]
    public void A_target_that_is_dropped_leaves_nothing()
    {
        using var store = new ForwardingStore(File);
        store.Begin(Hook, 3);
        store.SetAside("hook", new AsideItem(1, 0, 0, "u", "click", 400, "answered 400", 1));
        store.Compare("hook", new ComparedAnswers("2026-11-24", 200, 200, 1, "one"));
        store.Drop("hook").ShouldBeTrue();
        store.Drop("hook").ShouldBeFalse();
        store.Bookmarks().ShouldBeEmpty();
        store.Aside("hook", 10).ShouldBeEmpty();
        store.Answers("hook", "2026-01-01", "2026-12-31").ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_damaged_is_said_to_be()
    {
        System.IO.File.WriteAllText(File, new string('x', 8192));
        Should.Throw<SqliteException>(() => new ForwardingStore(File));
    }

    public void Dispose() => _folder.Dispose();
}
