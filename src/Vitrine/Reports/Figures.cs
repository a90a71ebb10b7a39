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
    [property: JsonPropertyName("impressions"), JsonPropertyOrder(0)] long Impressions,
    [property: JsonPropertyName("clicks"), JsonPropertyOrder(1)] long Clicks,
    [property: JsonPropertyName("unique_impressions"), JsonPropertyOrder(3)] long UniqueImpressions,
    [property: JsonPropertyName("unique_clicks"), JsonPropertyOrder(4)] long UniqueClicks)
{
    /// <summary>Nothing happened.</summary>
    public static Figures None { get; } = new(0, 0, 0, 0);

    /// <summary>Click-through rate in per cent: 100 × clicks / impressions; null without impressions.</summary>
    [JsonPropertyName("ctr"), JsonPropertyOrder(2)]
    public double? ClickThroughRate => Rate(Clicks, Impressions);

    /// <summary>100 × unique clicks / unique impressions; null without impressions.</summary>
    [JsonPropertyName("unique_ctr"), JsonPropertyOrder(5)]
    public double? UniqueClickThroughRate => Rate(UniqueClicks, UniqueImpressions);

    private static double? Rate(long numerator, long denominator) => denominator == 0 ? null : 100.0 * numerator / denominator;
}

/// <summary>Up to which journal record a report is complete.</summary>
/// <param name="Position">Its position; 0 before the first.</param>
/// <param name="ReceivedAt">When it was received; null before the first.</param>
public sealed record AsOf(
    [property: JsonPropertyName("position")] long Position, [property: JsonPropertyName("received_at")] string? ReceivedAt);
