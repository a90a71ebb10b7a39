using System.Text.Json.Serialization;

namespace Vitrine.Reports;

/// <summary>What an experience brought about, for one of its goals.</summary>
/// <param name="Goal">The goal's name.</param>
/// <param name="Conversions">Goal events that count for an impression or a click in the range.</param>
/// <param name="UniqueConversions">At most one of them for each customer, variation and day of that impression or click.</param>
/// <param name="ConversionRate">
/// In per cent: 100 × unique conversions / impressions in the view-through model, / clicks in the others; null without any.
/// </param>
public sealed record GoalFigures(
    [property: JsonPropertyName("goal")] string Goal,
    [property: JsonPropertyName("conversions")] long Conversions,
    [property: JsonPropertyName("unique_conversions")] long UniqueConversions,
    [property: JsonPropertyName("cvr")] double? ConversionRate)
{
    /// <summary>What they brought, each currency apart. Left out where the goal has no revenue attribute.</summary>
    [JsonPropertyName("revenue"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RevenueFigures>? Revenue { get; init; }

    /// <summary>Conversions whose amount is missing or cannot be read: they count with 0 in the goal's own currency.</summary>
    [JsonPropertyName("without_revenue"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? WithoutRevenue { get; init; }
}

/// <summary>What conversions brought in one currency.</summary>
/// <param name="Currency">Its code: the event's own, or else the goal's; null where neither says one.</param>
/// <param name="Revenue">The sum of the amounts.</param>
/// <param name="Conversions">Conversions in this currency.</param>
/// <param name="UniqueConversions">Unique ones of them.</param>
public sealed record RevenueFigures(
    [property: JsonPropertyName("currency")] string? Currency,
    [property: JsonPropertyName("revenue")] decimal Revenue,
    [property: JsonPropertyName("conversions")] long Conversions,
    [property: JsonPropertyName("unique_conversions")] long UniqueConversions)
{
    /// <summary>Average order value: revenue / conversions; null without any.</summary>
    [JsonPropertyName("aov")]
    public decimal? AverageOrderValue => Ratio(Revenue, Conversions);

    /// <summary>Revenue / unique conversions; null without any.</summary>
    [JsonPropertyName("revenue_per_user")]
    public decimal? RevenuePerUser => Ratio(Revenue, UniqueConversions);

    /// <summary>The goal's own currency first, then the others by their codes.</summary>
    internal static IReadOnlyList<RevenueFigures> InOrder(string? ownCurrency, IEnumerable<RevenueFigures> revenues) =>
        [.. revenues.OrderBy(one => one.Currency != ownCurrency).ThenBy(static one => one.Currency, StringComparer.Ordinal)];

    /// <summary>Rounded to a millionth, as amounts are.</summary>
    private static decimal? Ratio(decimal revenue, long count) => count == 0 ? null : Math.Round(revenue / count, 6);
}
