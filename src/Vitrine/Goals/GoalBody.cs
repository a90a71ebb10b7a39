using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>The body as the OpenAPI document describes it. <see cref="GoalDecoder"/>, not this type, reads a request.</summary>
/// <param name="Type">Always <c>event</c>.</param>
/// <param name="CustomerId">The customer's own id, as at <c>/v1/experiences/events</c>.</param>
/// <param name="Actions">What the customer did.</param>
public sealed record GoalBody(
    [property: JsonPropertyName("type"), OneOf("event")] string Type,
    [property: JsonPropertyName("customer_id"), MinLength(2), MaxLength(CustomerRules.MaximumIdBytes)] string CustomerId,
    [property: JsonPropertyName("actions"), MinLength(1), MaxLength(GoalRules.MaximumActions)] IReadOnlyList<GoalBodyAction> Actions)
{
    /// <summary>What the endpoint promises.</summary>
    internal const string Promise =
        """
        200 means: every event of the request is on stable storage. An event with a moe_event_uuid or an event_id is counted
        exactly once, however often it is sent; one without is counted each time. A request with one bad event is refused
        whole and nothing of it is stored, unless it says Prefer: handling=lenient. With Prefer: return=representation the
        answer waits for the projection and says of each event whether it was stored or a duplicate. Whether an event
        reaches a goal is asked by reports, so that a goal can be thought of afterwards. Bodies up to 128 KB after
        decompression; gzip (one member), br and zstd are accepted.
        """;
}

/// <summary>Something that a customer did.</summary>
/// <param name="Action">What it is called.</param>
public sealed record GoalBodyAction(
    [property: JsonPropertyName("action"), MinLength(1), MaxLength(GoalRules.MaximumNameLength)] string Action)
{
    /// <summary>What there is to say of it, such as an amount of money: at most 100, of any kind.</summary>
    [JsonPropertyName("attributes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Attributes { get; init; }

    /// <summary>web, android, ios or tv, in any case; anything else is Unknown.</summary>
    [JsonPropertyName("platform"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Platform { get; init; }

    /// <summary>The version of the app, at most 100 characters.</summary>
    [JsonPropertyName("app_version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AppVersion { get; init; }

    /// <summary>When it happened: Unix seconds or ISO 8601, in UTC unless it says otherwise; not before 2010 and not more than 24 hours ahead. Default: <see cref="UserTime"/>, or else now.</summary>
    [JsonPropertyName("current_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CurrentTime { get; init; }

    /// <summary>When it happened by the user's clock; read where there is no <see cref="CurrentTime"/>.</summary>
    [JsonPropertyName("user_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserTime { get; init; }

    /// <summary>Seconds east of UTC.</summary>
    [JsonPropertyName("user_timezone_offset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Range(-EventTimeRules.MaximumTimezoneOffset, EventTimeRules.MaximumTimezoneOffset)]
    public int? TimezoneOffset { get; init; }

    /// <summary>A UUID by which the event is recognised when it comes again. One UUID names one event of the workspace, impressions and clicks included.</summary>
    [JsonPropertyName("moe_event_uuid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uuid { get; init; }

    /// <summary>Read where there is no <see cref="Uuid"/>: any other text by which the event is recognised, such as an order number; 1–512 characters.</summary>
    [JsonPropertyName("event_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventId { get; init; }
}
