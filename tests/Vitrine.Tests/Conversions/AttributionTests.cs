using Vitrine.Conversions;
using Vitrine.Journal.Records;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Conversions;

public sealed class AttributionTests
{
    private const int WindowHours = 1;

    [Theory]
    [InlineData(99, false)] // The goal event was first.
    [InlineData(100, true)]
    [InlineData(100 + 3600, true)]
    [InlineData(100 + 3601, false)]
    public void A_goal_event_counts_from_its_touch_to_the_end_of_the_window(long time, bool counts) =>
        Tell([Impression(1, 100)], [Goal(1, time)]).Count.ShouldBe(counts ? 1 : 0);

    [Fact]
    public void It_counts_for_the_last_touch_before_it() =>
        Tell([Impression(1, 100), Impression(1, 200), Impression(1, 301)], [Goal(1, 300)]).ShouldHaveSingleItem().Touch.Time.ShouldBe(200);

    [Fact]
    public void It_counts_for_nobody_elses_touch() => Tell([Impression(2, 100)], [Goal(1, 300), Goal(3, 300)]).ShouldBeEmpty();

    [Fact]
    public void A_later_touch_behind_the_range_takes_it_out_of_the_range() =>
        Tell([Impression(1, 100), Impression(1, 250)], [Goal(1, 300)], to: 200).ShouldBeEmpty();

    [Theory]
    [InlineData(AttributionModel.ViewThrough, 100)]
    [InlineData(AttributionModel.ClickThrough, 50)]
    public void Views_count_impressions_and_clicks_count_clicks(AttributionModel model, long touched) =>
        Tell([Click(1, 50), Impression(1, 100)], [Goal(1, 300)], model: model).ShouldHaveSingleItem().Touch.Time.ShouldBe(touched);

    [Theory]
    [InlineData(1800, 1)]
    [InlineData(1801, 0)]
    public void A_session_is_half_an_hour_behind_a_click(long after, int conversions) =>
        Tell([Click(1, 100)], [Goal(1, 100 + after)], model: AttributionModel.InSession).Count.ShouldBe(conversions);

    [Theory]
    [InlineData(AttributionModel.ViewThrough)]
    [InlineData(AttributionModel.ClickThrough)]
    [InlineData(AttributionModel.InSession)]
    public void It_agrees_with_looking_at_every_pair_in_whatever_order_they_come(AttributionModel model)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new Seeded(seed);
            var touches = Enumerable.Range(0, random.Next(60)).Select(_ => new Touch(
                random.Next(8000), random.Next(4) + 1, random.Next(3), 0, (EventAction)random.Next(2), (Platform)random.Next(2))).ToArray();
            var goals = Enumerable.Range(0, random.Next(40)).Select(_ => Goal(random.Next(5) + 1, random.Next(12000))).ToList();
            var (from, to) = (random.Next(4000), 4000 + random.Next(4000));
            var expected = Plainly(touches, goals, model, from, to);
            Describe(Tell(touches, goals, model, from, to)).ShouldBe(expected, $"seed {seed}");
            Describe(Tell(Shuffled(touches, random), [.. Shuffled(goals.ToArray(), random)], model, from, to)).ShouldBe(expected, $"seed {seed}, shuffled");
        }
    }

    [Fact]
    public void One_customer_with_very_many_of_both_does_not_take_for_ever()
    {
        var touches = Enumerable.Range(0, 200_000).Select(static time => Impression(1, time)).ToArray();
        var goals = Enumerable.Range(0, 200_000).Select(static time => Goal(1, time)).ToList();
        Tell(touches, goals, to: 200_000).Count.ShouldBe(200_000); // Every pair looked at would take minutes.
    }

    private static List<string> Plainly(Touch[] touches, List<GoalEvent> goals, AttributionModel model, long from, long to)
    {
        var (action, window) = model switch
        {
            AttributionModel.ViewThrough => (EventAction.Impression, 3600),
            AttributionModel.ClickThrough => (EventAction.Click, 3600),
            _ => (EventAction.Click, 1800),
        };
        var found = new List<string>();
        foreach (var goal in goals)
        {
            var last = touches
                .Where(touch => touch.Customer == goal.Customer && touch.Action == action && touch.Time <= goal.Time)
                .OrderBy(static touch => touch.Time)
                .ThenBy(static touch => touch.Context)
                .ThenBy(static touch => touch.Platform)
                .Cast<Touch?>()
                .LastOrDefault();
            if (last is { } one && goal.Time - one.Time <= window && one.Time >= from && one.Time < to)
            {
                found.Add($"{goal} {one}");
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static List<string> Describe(List<(GoalEvent Goal, Touch Touch)> conversions)
    {
        var described = conversions.ConvertAll(static one => $"{one.Goal} {one.Touch}");
        described.Sort(StringComparer.Ordinal);
        return described;
    }

    private static List<(GoalEvent Goal, Touch Touch)> Tell(
        Touch[] touches, List<GoalEvent> goals, AttributionModel model = AttributionModel.ViewThrough, long from = 0, long to = 100_000)
    {
        var attribution = new Attribution(GoalEvents.Of(goals, []), model, WindowHours, ClickTargetOrder.None);
        attribution.Add(touches);
        var conversions = new List<(GoalEvent, Touch)>();
        attribution.Tell(from, to, (in goal, in touch) => conversions.Add((goal, touch)));
        return conversions;
    }

    private static T[] Shuffled<T>(T[] items, Seeded random) => [.. items.Select(item => (item, Key: random.Next64())).OrderBy(static one => one.Key).Select(static one => one.item)];

    private static Touch Impression(int customer, long time) => new(time, customer, 0, 0, EventAction.Impression, Platform.Web);

    private static Touch Click(int customer, long time) => Impression(customer, time) with { Action = EventAction.Click };

    private static GoalEvent Goal(int customer, long time) => new(time, customer, 0, -1, HasAmount: false, 0);
}
