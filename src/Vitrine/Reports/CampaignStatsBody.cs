using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Reports;

/// <summary>A question to <c>POST /core-services/v1/campaign-stats</c>.</summary>
public sealed record CampaignStatsBody
{
    /// <summary>The client's own id of the question.</summary>
    [JsonPropertyName("request_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>The first local day of the workspace, such as 2026-11-03.</summary>
    [JsonPropertyName("start_date")]
    public required string StartDate { get; init; }

    /// <summary>The last day, included; at most 30 days in all.</summary>
    [JsonPropertyName("end_date")]
    public required string EndDate { get; init; }

    /// <summary>What goal events count for. Default VIEW_THROUGH.</summary>
    [JsonPropertyName("attribution_type"), OneOf("VIEW_THROUGH", "CLICK_THROUGH", "IN_SESSION"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AttributionType { get; init; }

    /// <summary>Whether events or distinct customers are counted. Default TOTAL.</summary>
    [JsonPropertyName("metric_type"), OneOf("TOTAL", "UNIQUE"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MetricType { get; init; }

    /// <summary>Up to ten experiences, by the part of their cids before the first underscore. Without any: all that were reported.</summary>
    [JsonPropertyName("campaign_ids"), MaxLength(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? CampaignIds { get; init; }

    /// <summary>How many experiences are passed over. Default 0.</summary>
    [JsonPropertyName("offset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Offset { get; init; }

    /// <summary>How many are answered, 1–10. Default 10.</summary>
    [JsonPropertyName("limit"), Range(1, 10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Limit { get; init; }
}

/// <summary>The figures of a page of experiences.</summary>
/// <param name="ResponseId">By which the log finds the answer.</param>
/// <param name="TotalCampaigns">How many experiences were asked for and were ever reported.</param>
/// <param name="CurrentPage">From 1.</param>
/// <param name="TotalPages">Pages of <c>limit</c> experiences.</param>
/// <param name="Data">By experience.</param>
public sealed record CampaignStatsAnswer(
    [property: JsonPropertyName("response_id")] string ResponseId,
    [property: JsonPropertyName("total_campaigns")] int TotalCampaigns,
    [property: JsonPropertyName("current_page")] int CurrentPage,
    [property: JsonPropertyName("total_pages")] int TotalPages,
    [property: JsonPropertyName("data")] IReadOnlyDictionary<string, IReadOnlyList<CampaignStats>> Data);

/// <summary>The figures of an experience.</summary>
/// <param name="Platforms">By platform.</param>
public sealed record CampaignStats([property: JsonPropertyName("platforms")] IReadOnlyDictionary<string, PlatformStats> Platforms);

/// <summary>The figures of a platform.</summary>
/// <param name="Locales">By locale.</param>
public sealed record PlatformStats([property: JsonPropertyName("locales")] IReadOnlyDictionary<string, LocaleStats> Locales);

/// <summary>The figures of a locale.</summary>
/// <param name="Variations">By variation, and <c>all_variations</c> together.</param>
public sealed record LocaleStats([property: JsonPropertyName("variations")] IReadOnlyDictionary<string, VariationStats> Variations);

/// <summary>The figures of a variation.</summary>
/// <param name="Performance">Impressions and clicks.</param>
/// <param name="Goals">By goal.</param>
public sealed record VariationStats(
    [property: JsonPropertyName("performance_stats")] PerformanceStats Performance,
    [property: JsonPropertyName("conversion_goal_stats")] IReadOnlyDictionary<string, ConversionGoalStats> Goals);

/// <summary>Impressions and clicks, or the customers who had any.</summary>
/// <param name="Impression">Impressions.</param>
/// <param name="Click">Clicks.</param>
/// <param name="ClickThroughRate">100 × clicks / impressions; 0 without impressions.</param>
public sealed record PerformanceStats(
    [property: JsonPropertyName("impression")] long Impression,
    [property: JsonPropertyName("click")] long Click,
    [property: JsonPropertyName("ctr")] double ClickThroughRate);

/// <summary>What came of it.</summary>
/// <param name="Conversions">Conversions, total or unique.</param>
/// <param name="ConversionRate">100 × unique conversions / impressions or clicks; 0 without any.</param>
/// <param name="Revenue">What they brought, each currency apart.</param>
public sealed record ConversionGoalStats(
    [property: JsonPropertyName("conversions")] long Conversions,
    [property: JsonPropertyName("cvr")] double ConversionRate,
    [property: JsonPropertyName("revenue")] IReadOnlyList<RevenueFigures> Revenue);
