using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Goals;

/// <summary>The answer to events that were accepted.</summary>
/// <param name="Status">Always <c>success</c>.</param>
/// <param name="Message">Always the same sentence.</param>
/// <param name="RequestId">By which the receipt can be asked for.</param>
public sealed record GoalAnswer(
    [property: JsonPropertyName("status"), OneOf("success")] string Status,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("request_id")] string RequestId)
{
    /// <summary>With <c>Prefer: handling=lenient</c>: what was refused, and why.</summary>
    [JsonPropertyName("errors"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ApiFieldError>? Errors { get; init; }

    /// <summary>With <c>Prefer: return=representation</c>: what became of each event that was not refused.</summary>
    [JsonPropertyName("events"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GoalOutcome>? Events { get; init; }
}

/// <summary>What became of an event.</summary>
/// <param name="Path">Its place in the request.</param>
/// <param name="Outcome"><c>stored</c> or <c>duplicate</c>.</param>
public sealed record GoalOutcome(
    [property: JsonPropertyName("path")] string Path, [property: JsonPropertyName("outcome"), OneOf("stored", "duplicate")] string Outcome)
{
    /// <summary>By which it is recognised when it comes again, where it is.</summary>
    [JsonPropertyName("moe_event_uuid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uuid { get; init; }
}

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(GoalAnswer))]
internal sealed partial class GoalsJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static GoalsJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
