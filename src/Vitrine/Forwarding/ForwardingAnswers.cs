using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Forwarding;

/// <summary>The targets of an environment.</summary>
public sealed record ForwardingAnswer([property: JsonPropertyName("targets")] IReadOnlyList<ForwardTargetAnswer> Targets);

/// <summary>How far a target is.</summary>
/// <param name="Name">By which the configuration names it.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="State"><c>idle</c>: it has all there is; <c>waiting</c>: for the projection; <c>sending</c>; <c>failing</c>: it is tried again and again; <c>starting</c>; <c>stopped</c>: forwarding.db cannot be opened; <c>not_configured</c>: only its bookmark is left.</param>
/// <param name="Bookmark">The journal position up to which everything is sent, or set aside.</param>
/// <param name="LagRecords">Journal records behind it.</param>
/// <param name="LagSeconds">The age of the oldest event at hand that is not sent.</param>
/// <param name="Sent">Events and attributes that it has taken since its first start.</param>
/// <param name="SetAside">Events that it refused.</param>
/// <param name="MissedRecords">Journal records that were gone before it could be sent them.</param>
/// <param name="LastError">The last failure since the server started.</param>
public sealed record ForwardTargetAnswer(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("kind"), OneOf("moengage", "webhook", "nats", "kafka")] string Kind,
    [property: JsonPropertyName("state"), OneOf("starting", "idle", "waiting", "sending", "failing", "stopped", "not_configured")] string State,
    [property: JsonPropertyName("bookmark")] long? Bookmark,
    [property: JsonPropertyName("lag_records")] long LagRecords,
    [property: JsonPropertyName("lag_seconds")] double LagSeconds,
    [property: JsonPropertyName("sent")] long Sent,
    [property: JsonPropertyName("set_aside")] long SetAside,
    [property: JsonPropertyName("missed_records")] long MissedRecords,
    [property: JsonPropertyName("last_error")] ForwardErrorAnswer? LastError);

/// <summary>A failure.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">In a few words.</param>
public sealed record ForwardErrorAnswer([property: JsonPropertyName("at")] string At, [property: JsonPropertyName("reason")] string Reason);

/// <summary>What a target refused, in the order of the journal.</summary>
/// <param name="Events">A thousand at most.</param>
/// <param name="Total">How many there are.</param>
public sealed record AsideAnswer([property: JsonPropertyName("events")] IReadOnlyList<AsideEventAnswer> Events, [property: JsonPropertyName("total")] long Total);

/// <summary>An event that was set aside. What it says is asked by its request.</summary>
/// <param name="RequestId">The request that brought it: <c>/api/v1/requests/{request_id}</c>.</param>
/// <param name="Path">Its place there; null for attributes of a customer.</param>
/// <param name="Uuid">Its uuid, or the one that it is forwarded with.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Status">What the target answered.</param>
/// <param name="Reason">In a few words.</param>
/// <param name="At">When it was refused last.</param>
public sealed record AsideEventAnswer(
    [property: JsonPropertyName("req_id")] string RequestId,
    [property: JsonPropertyName("path")] string? Path,
    [property: JsonPropertyName("moe_event_uuid")] string Uuid,
    [property: JsonPropertyName("kind"), OneOf("impression", "click", "goal", "profile")] string Kind,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("at")] string At);

/// <summary>What became of a replay.</summary>
/// <param name="Sent">Events that the target has taken now.</param>
/// <param name="Refused">Events that it refused again.</param>
/// <param name="Gone">Events that are in the journal no more, and were forgotten.</param>
/// <param name="Stopped">Why it ended early; null when it did not.</param>
/// <param name="Next">Where there is more to try: to be given as <c>after</c> of the next call.</param>
public sealed record ReplayAnswer(
    [property: JsonPropertyName("sent")] int Sent,
    [property: JsonPropertyName("refused")] int Refused,
    [property: JsonPropertyName("gone")] int Gone,
    [property: JsonPropertyName("stopped")] string? Stopped,
    [property: JsonPropertyName("next")] string? Next);

/// <summary>How a target's answers compare with ours.</summary>
/// <param name="Target">The target.</param>
/// <param name="From">The first day, in UTC.</param>
/// <param name="To">The last day.</param>
/// <param name="Requests">Requests that were compared.</param>
/// <param name="Differences">Of these, requests that were answered with another status.</param>
/// <param name="Days">Days on which something was compared.</param>
public sealed record ParityAnswer(
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("requests")] long Requests,
    [property: JsonPropertyName("differences")] long Differences,
    [property: JsonPropertyName("days")] IReadOnlyList<ParityDayAnswer> Days);

/// <summary>A day's answers.</summary>
/// <param name="Day">The day, in UTC: of the receipt by us.</param>
/// <param name="Requests">Requests that were compared.</param>
/// <param name="Differences">Of these, requests that were answered with another status.</param>
/// <param name="Answers">By both statuses.</param>
public sealed record ParityDayAnswer(
    [property: JsonPropertyName("day")] string Day,
    [property: JsonPropertyName("requests")] long Requests,
    [property: JsonPropertyName("differences")] long Differences,
    [property: JsonPropertyName("answers")] IReadOnlyList<ParityCellAnswer> Answers);

/// <summary>Requests that were answered so by us and so by the target.</summary>
/// <param name="Ours">Our status.</param>
/// <param name="Theirs">The target's.</param>
/// <param name="Differs">Whether the two are different.</param>
/// <param name="Requests">How many.</param>
/// <param name="LastRequestId">The last one, as our answer named it.</param>
public sealed record ParityCellAnswer(
    [property: JsonPropertyName("ours")] int Ours,
    [property: JsonPropertyName("theirs")] int Theirs,
    [property: JsonPropertyName("differs")] bool Differs,
    [property: JsonPropertyName("requests")] long Requests,
    [property: JsonPropertyName("last_request_id")] string LastRequestId);

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(ForwardingAnswer))]
[JsonSerializable(typeof(AsideAnswer))]
[JsonSerializable(typeof(ReplayAnswer))]
[JsonSerializable(typeof(ParityAnswer))]
internal sealed partial class ForwardingJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ForwardingJson Readable { get; } = new(new System.Text.Json.JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
