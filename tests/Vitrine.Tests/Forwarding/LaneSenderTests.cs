using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Vitrine.Forwarding;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Forwarding;

public sealed class LaneSenderTests
{
    private static readonly WebhookTarget Target = new() { Name = "hook", Environment = "SHOP", Url = new Uri("http://localhost"), Secret = "0123456789abcdef" };

    [Fact]
    public async Task Of_a_request_with_poison_only_the_poison_is_set_aside_and_the_rest_goes_in_order()
    {
        var items = Items.Many(100).ToArray();
        var poison = new[] { items[0], items[41], items[42], items[99] };
        var channel = new FakeChannel(sent => sent.Any(poison.Contains) ? new Delivery(Verdict.Refused, 422, "answered 422") : new Delivery(Verdict.Delivered, 200, ""));
        var outcome = await SendAsync(channel, items);
        channel.Taken.ShouldBe(items.Except(poison));
        outcome.Aside.Select(static one => (one.Position, one.Element, one.Status)).ShouldBe(poison.Select(static one => (one.Position, one.Element, 422)));
        outcome.Sent.ShouldBe(96);
        channel.Tries.ShouldBeLessThan(60, "it is found by halving");
    }

    [Fact]
    public async Task What_fails_is_tried_again_before_anything_else_is()
    {
        var items = Items.Many(10).ToArray();
        var failures = 0;
        var channel = new FakeChannel(sent => sent[0] == items[4] && ++failures <= 7 ? new Delivery(Verdict.Failed, 503, "answered 503") : new Delivery(Verdict.Delivered, 200, "")) { AtOnce = 2 };
        (await SendAsync(channel, items)).Sent.ShouldBe(10);
        channel.Taken.ShouldBe(items);
        channel.Tries.ShouldBe(5 + 7);
    }

    [Fact]
    public async Task Of_what_is_acknowledged_in_parts_only_the_rest_is_tried_again()
    {
        var items = Items.Many(6).ToArray();
        var tries = 0;
        var channel = new FakeChannel(sent => ++tries switch
        {
            1 => new Delivery(Verdict.Failed, 0, "no") { Left = [items[1], items[5]] },
            2 => new Delivery(Verdict.Refused, 413, "is too large") { Left = [items[5]] },
            _ => throw new InvalidOperationException("nothing is left to try"),
        });
        var outcome = await SendAsync(channel, items);
        outcome.Sent.ShouldBe(5);
        outcome.Aside.ShouldHaveSingleItem().Position.ShouldBe(items[5].Position);
    }

    [Fact]
    public async Task A_pause_doubles_up_to_a_limit_unless_the_target_asks_for_a_longer_one()
    {
        var clock = Stepped();
        var answers = new Queue<Delivery>([.. Enumerable.Repeat(new Delivery(Verdict.Failed, 500, "no"), 4), new Delivery(Verdict.Failed, 429, "no") { RetryAfter = TimeSpan.FromMinutes(5) }, new Delivery(Verdict.Delivered, 200, "")]);
        var moments = new List<TimeSpan>();
        var channel = new FakeChannel(_ =>
        {
            moments.Add(clock.GetUtcNow() - Clock.Start);
            return answers.Dequeue();
        });
        var options = new ForwardingOptions { ShortestPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromSeconds(25) };
        var sending = SendAsync(channel, [Items.Event("ada", 1)], options: options, time: clock);
        while (!sending.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        await sending;
        moments.ShouldBe([.. new[] { 0, 10, 30, 55, 80, 380 }.Select(static seconds => TimeSpan.FromSeconds(seconds))]);
    }

    [Fact]
    public async Task What_does_not_count_any_more_when_a_dead_target_is_back_is_not_sent()
    {
        var clock = Stepped();
        var items = new[] { Items.Event("ada", 1), Items.Event("bob", 2), Items.Event("ada", 3), Items.Event("eve", 4) };
        var tries = 0;
        var channel = new FakeChannel(_ => ++tries <= 5 ? new Delivery(Verdict.Failed, 503, "no") : new Delivery(Verdict.Delivered, 200, "")) { AtOnce = 2 };
        var options = new ForwardingOptions { ShortestPause = TimeSpan.FromSeconds(20), LongestPause = TimeSpan.FromSeconds(20) };
        var unknown = true;
        var sending = SendAsync(channel, items, options: options, time: clock, stillCounted: some =>
        {
            unknown = !unknown; // Every other time the projection cannot be read.
            return unknown ? null : [.. some.Where(static one => one.CustomerId != "ada")];
        });
        while (!sending.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        (await sending).Sent.ShouldBe(2);
        channel.Taken.Select(static one => one.CustomerId).ShouldBe(["bob", "eve"]);
    }

    [Fact]
    public async Task A_record_is_compared_once_with_the_verdict_on_all_of_it()
    {
        var items = new[] { Items.Event("ada", 7), Items.Event("ada", 7, 1), Items.Event("ada", 8) };
        var failed = false;
        var channel = new FakeChannel(sent =>
        {
            if (!failed)
            {
                failed = true;
                return new Delivery(Verdict.Failed, 503, "no");
            }

            return sent.Contains(items[1]) ? new Delivery(Verdict.Refused, 400, "answered 400") : new Delivery(Verdict.Delivered, 200, "");
        }) { AtOnce = 2 };
        var outcome = await SendAsync(channel, items, compare: true);
        outcome.Answers.Select(static one => (one.Day, one.Ours, one.Theirs, one.Requests)).ShouldBe([("2026-11-24", 200, 400, 1), ("2026-11-24", 200, 200, 1)], ignoreOrder: true);
        outcome.Answers.Single(static one => one.Theirs == 400).LastRequestId.ShouldBe(Vitrine.Journal.RequestId.Of(7));
    }

    /// <summary>A clock at whose every step everything that waits for it has run before the step ends.</summary>
    private static FakeTimeProvider Stepped()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return new FakeTimeProvider(Clock.Start);
    }

    private static async Task<BatchOutcome> SendAsync(FakeChannel channel, ForwardedItem[] items, bool compare = false, ForwardingOptions? options = null, TimeProvider? time = null, Func<IReadOnlyList<ForwardedItem>, IReadOnlyList<ForwardedItem>?>? stillCounted = null)
    {
        var state = new TargetState(Target, new ForwardingMetrics(Metrics.NewCustomRegistry()), time ?? Clock.New());
        var outcome = new BatchOutcome();
        options ??= new ForwardingOptions { ShortestPause = TimeSpan.Zero, LongestPause = TimeSpan.Zero };
        await new LaneSender(channel, items => Task.FromResult(stillCounted is null ? items : stillCounted(items)), state, outcome, compare, options, time ?? TimeProvider.System).SendAsync(items, TestContext.Current.CancellationToken);
        state.IsFailing.ShouldBeFalse();
        return outcome;
    }

    private sealed class FakeChannel(Func<IReadOnlyList<ForwardedItem>, Delivery> answer) : IChannel
    {
        public int AtOnce { get; init; } = int.MaxValue;

        public int Tries { get; private set; }

        public List<ForwardedItem> Taken { get; } = [];

        public int Take(ArraySegment<ForwardedItem> items) => Math.Min(AtOnce, items.Count);

        public Task<Delivery> SendAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation)
        {
            Tries++;
            var delivery = answer(items);
            Taken.AddRange(delivery.Verdict == Verdict.Delivered ? items : []);
            return Task.FromResult(delivery);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
