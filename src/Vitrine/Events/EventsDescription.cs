using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

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
        whether it was stored or a duplicate. Bodies up to 1 MiB after decompression; gzip (one member), br and zstd are accepted. Texts
        of the experience's context have at most 1,024 characters. Of a list that is too long the first hundred items are read.
        """;

    /// <summary>The body.</summary>
    /// <param name="Elements">One for each user.</param>
    public sealed record Body([property: JsonPropertyName("elements"), MinLength(1), MaxLength(EventsRules.MaximumElements)] IReadOnlyList<Element> Elements);

    /// <summary>One user's events; 1–100 in a request.</summary>
    /// <param name="CustomerId">The user's own id, 2–512 bytes of UTF-8, none of the placeholders that many users would share. A number is taken as its text.</param>
    /// <param name="Actions">What was shown to the user, and clicked.</param>
    public sealed record Element(
        [property: JsonPropertyName("customer_id"), MinLength(2), MaxLength(CustomerRules.MaximumIdBytes)] string CustomerId,
        [property: JsonPropertyName("actions"), MinLength(1), MaxLength(EventsRules.MaximumActions)] IReadOnlyList<Action> Actions)
    {
        /// <summary>Attributes to set on the user's profile.</summary>
        [JsonPropertyName("user_attributes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public JsonObject? UserAttributes { get; init; }

        /// <summary>Seconds east of UTC, −54000…54000.</summary>
        [JsonPropertyName("user_timezone_offset"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        [Range(-EventTimeRules.MaximumTimezoneOffset, EventTimeRules.MaximumTimezoneOffset)]
        public int? UserTimezoneOffset { get; init; }
    }

    /// <summary>An impression or a click; 1–100 for a user.</summary>
    /// <param name="Name">Whether it was shown or clicked.</param>
    /// <param name="Uuid">The event's own id, of any version: events of one workspace that have the same count once.</param>
    /// <param name="Attributes">The experience that it is about.</param>
    public sealed record Action(
        [property: JsonPropertyName("action"), OneOf("MOE_PERSONALIZATION_MESSAGE_SHOWN", "MOE_PERSONALIZATION_MESSAGE_CLICKED")] string Name,
        [property: JsonPropertyName("moe_event_uuid")] Guid Uuid,
        [property: JsonPropertyName("attributes")] Attributes Attributes)
    {
        /// <summary>Unix seconds, as a number or as text, from 2010 on and at most 24 h ahead; the time of receipt when missing.</summary>
        [JsonPropertyName("event_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
        public long? EventTime { get; init; }

        /// <summary>web, android, ios or tv, in any case; anything else counts as Unknown.</summary>
        [JsonPropertyName("platform"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Platform { get; init; }

        /// <summary>What was clicked; may also stand in the attributes, which then wins.</summary>
        [JsonPropertyName("b_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? ClickTarget { get; init; }
    }

    /// <summary>The experience_context as it was delivered; further keys are kept as the event's own attributes. Numbers are taken as their text.</summary>
    /// <param name="Cid">Names the experience by its part before the first underscore.</param>
    /// <param name="Experience">The experience's name.</param>
    /// <param name="LocaleId">The locale it was delivered in.</param>
    /// <param name="VariationId">The variation that was delivered.</param>
    /// <param name="AudienceName">The name of the audience that the user belongs to.</param>
    /// <param name="AudienceId">The id of that audience.</param>
    public sealed record Attributes(
        [property: JsonPropertyName("cid")] string Cid,
        [property: JsonPropertyName("experience")] string Experience,
        [property: JsonPropertyName("moe_locale_id")] string LocaleId,
        [property: JsonPropertyName("moe_variation_id")] string VariationId,
        [property: JsonPropertyName("audience_name")] string AudienceName,
        [property: JsonPropertyName("audience_id")] string AudienceId)
    {
        /// <summary>Kept as sent.</summary>
        [JsonPropertyName("type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Type { get; init; }
    }
}
