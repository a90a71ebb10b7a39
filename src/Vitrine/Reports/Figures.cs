using System.Text.Json.Serialization;

namespace Vitrine.Reports;

/// <summary>
/// The figures of a report. Totals count events; uniques count distinct customers over the whole stretch that the
/// figures are for, so they cannot be added up.
/// </summary>
/// <param name="Impressions">Shown events.</param>
/// <param name="Clicks">Clicked events.</param>
/// <param name="UniqueImpressions">Customers who were shown it at least once.</param>
/// <param name="UniqueClicks">Customers who clicked at least once.</param>
public record Figures(
    [property: JsonPropertyName("impressions"), JsonPropertyOrder(1)] long Impressions,
    [property: JsonPropertyName("clicks"), JsonPropertyOrder(2)] long Clicks,
    [property: JsonPropertyName("unique_impressions"), JsonPropertyOrder(4)] long UniqueImpressions,
    [property: JsonPropertyName("unique_clicks"), JsonPropertyOrder(5)] long UniqueClicks)
{
    /// <summary>Nothing happened.</summary>
    public static Figures None { get; } = new(0, 0, 0, 0);

    /// <summary>
    /// How often it was handed to a client, which may not have shown it. An hour counts to where it begins, in ranges and
    /// in buckets. Null where it cannot be said: a delivery has no platform, no locale and no click target.
    /// </summary>
    [JsonPropertyName("delivered"), JsonPropertyOrder(0)]
    public long? Delivered { get; init; }

    /// <summary>Click-through rate in per cent: 100 × clicks / impressions; null without impressions.</summary>
    [JsonPropertyName("ctr"), JsonPropertyOrder(3)]
    public double? ClickThroughRate => Rate(Clicks, Impressions);

    /// <summary>100 × unique clicks / unique impressions; null without impressions.</summary>
    [JsonPropertyName("unique_ctr"), JsonPropertyOrder(6)]
    public double? UniqueClickThroughRate => Rate(UniqueClicks, UniqueImpressions);

    /// <summary>What came of it, by goal, the primary one first. Left out where no goals of the experience are known.</summary>
    [JsonPropertyName("goals"), JsonPropertyOrder(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GoalFigures>? Goals { get; init; }

    /// <summary>
    /// True where single events of a part of the time are not kept any more: unique figures are estimates then, with a
    /// standard error of 1.6 %. Left out otherwise.
    /// </summary>
    [JsonPropertyName("uniques_estimated"), JsonPropertyOrder(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? AreUniquesEstimated { get; init; }

    private static double? Rate(long numerator, long denominator) => denominator == 0 ? null : 100.0 * numerator / denominator;
}
