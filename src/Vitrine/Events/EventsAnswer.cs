using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal;

namespace Vitrine.Events;

/// <summary>The answers of an accepted request.</summary>
public static class EventsAnswer
{
    private const string Message = "Your request has been accepted and will be processed soon.";

    private static ReadOnlySpan<byte> Head =>
        "{\"status\":\"success\",\"message\":\"Your request has been accepted and will be processed soon.\",\"req_id\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\"}"u8;

    /// <summary>Writes the default answer: the same bytes each time but for the id.</summary>
    public static void WriteAccepted(HttpResponse response, long position)
    {
        var length = Head.Length + 8 + Tail.Length;
        response.ContentType = "application/json";
        response.ContentLength = length;
        var target = response.BodyWriter.GetSpan(length);
        Head.CopyTo(target);
        Span<char> id = stackalloc char[8];
        RequestId.Write(id, position);
        System.Text.Encoding.ASCII.GetBytes(id, target[Head.Length..]);
        Tail.CopyTo(target[(Head.Length + 8)..]);
        response.BodyWriter.Advance(length);
    }

    /// <summary>Writes the answer to a request that stated preferences.</summary>
    public static Task WriteAcceptedAsync(
        HttpContext context,
        Preferences preferences,
        long position,
        IReadOnlyList<FieldError> errors,
        IReadOnlyList<EventOutcome>? outcomes)
    {
        preferences.SayApplied(context.Response, outcomes is not null);
        context.Response.ContentType = "application/json";
        var answer = new AcceptedRequest("success", Message, RequestId.Of(position))
        {
            Errors = preferences.Lenient ? EventsErrors.ListRefused(errors) : null,
            Events = outcomes,
        };
        return JsonSerializer.SerializeAsync(
            context.Response.Body, answer, EventsJson.Readable.AcceptedRequest, context.RequestAborted);
    }
}

/// <summary>The answer to an accepted request.</summary>
/// <param name="Status">Always <c>success</c>.</param>
/// <param name="Message">Always the same sentence.</param>
/// <param name="RequestId">By which the receipt can be asked for.</param>
public sealed record AcceptedRequest(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("req_id")] string RequestId)
{
    /// <summary>With <c>Prefer: handling=lenient</c>: what was refused, and why.</summary>
    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ApiFieldError>? Errors { get; init; }

    /// <summary>With <c>Prefer: return=representation</c>: what became of each event that was not refused.</summary>
    [JsonPropertyName("events")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EventOutcome>? Events { get; init; }
}

/// <summary>What became of an event.</summary>
/// <param name="Uuid">Its <c>moe_event_uuid</c>.</param>
/// <param name="Outcome"><c>stored</c> or <c>duplicate</c>.</param>
public sealed record EventOutcome(
    [property: JsonPropertyName("moe_event_uuid")] string Uuid, [property: JsonPropertyName("outcome"), OneOf("stored", "duplicate")] string Outcome);

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(AcceptedRequest))]
internal sealed partial class EventsJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static EventsJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
