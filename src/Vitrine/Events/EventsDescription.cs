using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vitrine.Events;

/// <summary>The endpoint as the OpenAPI document describes it. The decoder, not these types, reads a request.</summary>
public static class EventsDescription
{
    /// <summary>What the endpoint promises.</summary>
    public const string Text =
        """
        200 means: every event of the request is on stable storage and will be counted exactly once, however often it
        is sent again. The same moe_event_uuid in the same workspace counts once; the first one received wins. A
        request with one bad event is refused whole and nothing of it is stored, unless it says Prefer:
        handling=lenient. With Prefer: return=representation the answer waits for the projection and says of each event
        whether it was stored or a duplicate. Bodies up to 1 MiB after decompression; gzip, br and zstd are accepted.
        Needs the header MOE-APPKEY with the workspace id beside the Basic credentials.
        """;

    /// <summary>The body.</summary>
    public sealed record Body([property: JsonPropertyName("elements")] IReadOnlyList<Element> Elements);

    /// <summary>One user's events; 1–100 in a request.</summary>
    public sealed record Element(
        [property: JsonPropertyName("customer_id")] string CustomerId,
        [property: JsonPropertyName("actions")] IReadOnlyList<Action> Actions)
    {
        /// <summary>Attributes to set on the user's profile.</summary>
        [JsonPropertyName("user_attributes")]
        public JsonObject? UserAttributes { get; init; }

        /// <summary>Seconds east of UTC, −54000…54000.</summary>
        [JsonPropertyName("user_timezone_offset")]
        public int? UserTimezoneOffset { get; init; }
    }

    /// <summary>An impression or a click; 1–100 for a user.</summary>
    public sealed record Action(
        [property: JsonPropertyName("action")] string Name,
        [property: JsonPropertyName("moe_event_uuid")] Guid Uuid,
        [property: JsonPropertyName("attributes")] Attributes Attributes)
    {
        /// <summary>Unix seconds; the time of receipt when missing.</summary>
        [JsonPropertyName("event_time")]
        public long? EventTime { get; init; }

        /// <summary>web, android, ios or tv, in any case; anything else counts as Unknown.</summary>
        [JsonPropertyName("platform")]
        public string? Platform { get; init; }

        /// <summary>What was clicked; may also stand in the attributes, which then wins.</summary>
        [JsonPropertyName("b_id")]
        public string? ClickTarget { get; init; }
    }

    /// <summary>The experience_context as it was delivered; further keys are kept as the event's own attributes.</summary>
    public sealed record Attributes(
        [property: JsonPropertyName("cid")] string Cid,
        [property: JsonPropertyName("experience")] string Experience,
        [property: JsonPropertyName("moe_locale_id")] string LocaleId,
        [property: JsonPropertyName("moe_variation_id")] string VariationId,
        [property: JsonPropertyName("audience_name")] string AudienceName,
        [property: JsonPropertyName("audience_id")] string AudienceId)
    {
        /// <summary>Kept as sent.</summary>
        [JsonPropertyName("type")]
        public string? Type { get; init; }
    }
}
