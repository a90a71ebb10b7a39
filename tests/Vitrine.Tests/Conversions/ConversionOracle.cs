using System.Text.Json.Nodes;

namespace Vitrine.Tests.Conversions;

/// <summary>Finds in the plainest way what goal events count for, and adds that up.</summary>
public sealed record ConversionOracle(ConversionWorld World, string Model)
{
    private bool CountsClicks => Model != "view_through";

    private long Window => Model == "in_session" ? 1800 : ConversionWorld.WindowHours * 3600L;

    /// <summary>Every goal event that counts, with what it counts for.</summary>
    public IEnumerable<(Done Done, Seen Touch)> Conversions() => World.Done
        .Select(done => (done, World.Seen
            .Where(seen => seen.Customer == done.Customer && seen.IsClick == CountsClicks && seen.Time <= done.Time)
            .MaxBy(static seen => seen.Time)))
        .Where(one => one.Item2 is not null && one.done.Time - one.Item2.Time <= Window)!;

    /// <summary>The goals' figures over some of them.</summary>
    public static JsonArray Goals(IReadOnlyList<(Done Done, Seen Touch)> conversions, int touches) =>
        [.. ConversionWorld.GoalNames.Select(name => Goal(name, conversions.Where(one => one.Done.Goals().Contains(name)).ToList(), touches))];

    private static JsonObject Goal(string name, List<(Done Done, Seen Touch)> conversions, int touches)
    {
        var unique = Unique(conversions);
        var goal = new JsonObject
        {
            ["goal"] = name,
            ["conversions"] = conversions.Count,
            ["unique_conversions"] = unique,
            ["cvr"] = touches == 0 ? null : 100.0 * unique / touches,
        };
        if (name == "Ordered")
        {
            goal["revenue"] = new JsonArray([.. conversions
                .GroupBy(static one => one.Done.Revenue.Currency)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => (JsonNode)Revenue(group.Key, [.. group]))]);
            goal["without_revenue"] = conversions.Count(static one => !one.Done.Revenue.IsThere);
        }

        return goal;
    }

    private static JsonObject Revenue(string currency, List<(Done Done, Seen Touch)> conversions)
    {
        var revenue = conversions.Sum(static one => one.Done.Revenue.Amount);
        return new JsonObject
        {
            ["currency"] = currency,
            ["revenue"] = revenue,
            ["conversions"] = conversions.Count,
            ["unique_conversions"] = Unique(conversions),
            ["aov"] = Math.Round(revenue / conversions.Count, 6),
            ["revenue_per_user"] = Math.Round(revenue / Unique(conversions), 6),
        };
    }

    private static int Unique(List<(Done Done, Seen Touch)> conversions) =>
        conversions.Select(static one => (one.Touch.Customer, one.Touch.Variation, one.Touch.Day)).Distinct().Count();
}
