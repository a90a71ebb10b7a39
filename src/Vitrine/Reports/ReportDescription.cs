using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Reports;

/// <summary>What the endpoints of this folder have in common, as the OpenAPI document describes it.</summary>
internal static class ReportDescription
{
    /// <summary>The names of the scales.</summary>
    public static IReadOnlyList<string> Scales { get; } =
        [.. Enum.GetNames<ReportScale>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Describes from, to and tz, and the headers that say up to where the answer is complete.</summary>
    public static RouteHandlerBuilder WithRange(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameter("from", "Where the range begins, included: a local day of tz (2026-11-03), a local time (2026-11-03T09:00) or an instant (2026-11-03T09:00:00Z). Without it: from the first event on.")
        .WithParameter("to", "Where the range ends, not included; written like from. Without it: up to the last event.")
        .WithParameter("tz", "An IANA time zone, such as Europe/Berlin. Without it: the workspace's.")
        .WithAnswerHeader(StatusCodes.Status200OK, AsOfHeaders.Position, "The position of the last journal record that is in the answer; 0 before the first.")
        .WithAnswerHeader(StatusCodes.Status200OK, AsOfHeaders.ReceivedAt, "When that record was received; absent before the first.")
        .Refuses(StatusCodes.Status406NotAcceptable);

    /// <summary>Describes the header that says from when on single events are kept.</summary>
    public static RouteHandlerBuilder WithRawFrom(this RouteHandlerBuilder endpoint) => endpoint.WithAnswerHeader(
        StatusCodes.Status200OK, AsOfHeaders.RawFrom, "Where the range reaches back to a time of which only hourly figures are kept: from when on single events are. Absent elsewhere.");

    /// <summary>Describes scale.</summary>
    public static RouteHandlerBuilder WithScale(this RouteHandlerBuilder endpoint) =>
        endpoint.WithParameter("scale", "The width of the buckets, in the time of tz; weeks begin on Monday. Without it: no buckets.", Scales);
}

/// <summary>A group of a report: it holds the dimensions that were asked for, and no others.</summary>
/// <remarks>Only describes what <see cref="ExperienceReportAnswer"/> writes.</remarks>
/// <param name="Total">The figures of the whole range.</param>
public sealed record ReportGroupDescription([property: JsonPropertyName("total")] Figures Total)
{
    /// <summary>With <c>by=variation</c>: the moe_variation_id.</summary>
    [JsonPropertyName("variation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variation { get; init; }

    /// <summary>With <c>by=audience</c>: the audience_id.</summary>
    [JsonPropertyName("audience"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Audience { get; init; }

    /// <summary>With <c>by=locale</c>: the moe_locale_id.</summary>
    [JsonPropertyName("locale"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Locale { get; init; }

    /// <summary>With <c>by=platform</c>: the platform.</summary>
    [JsonPropertyName("platform"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OneOf("Unknown", "web", "android", "ios", "tv")]
    public string? Platform { get; init; }

    /// <summary>With <c>by=click_target</c>: the b_id; null for events without one.</summary>
    [JsonPropertyName("click_target"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? ClickTarget { get; init; }

    /// <summary>With a scale: the buckets in which anything happened.</summary>
    [JsonPropertyName("buckets"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BucketAnswer>? Buckets { get; init; }
}
