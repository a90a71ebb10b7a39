using Vitrine.Hosting;

namespace Vitrine.Journal.Records;

/// <summary>
/// Why an event or a whole request was refused: a closed set, so that the ledger can count by it. The numbers are part
/// of the journal format and never change.
/// </summary>
public enum RejectionReason : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The event itself was good; another one of its request was not, and a request is stored whole or not at all.</summary>
    RefusedWithRequest = 1,

    /// <summary>The body is empty.</summary>
    EmptyBody = 2,

    /// <summary>The body is no JSON in UTF-8, or could not be decompressed.</summary>
    MalformedJson = 3,

    /// <summary>The body is larger than allowed.</summary>
    PayloadTooLarge = 4,

    /// <summary>The media type or the content encoding is none that is accepted.</summary>
    UnsupportedMediaType = 5,

    /// <summary><c>elements</c> is missing, no array, empty, or too long; or an element is no object.</summary>
    InvalidElements = 6,

    /// <summary><c>customer_id</c> is missing, too long, or a placeholder.</summary>
    InvalidCustomerId = 7,

    /// <summary><c>user_attributes</c> cannot be kept.</summary>
    InvalidUserAttributes = 8,

    /// <summary><c>user_timezone_offset</c> is no offset.</summary>
    InvalidTimezoneOffset = 9,

    /// <summary><c>actions</c> is missing, no array, empty, or too long; or an action is no object.</summary>
    InvalidActions = 10,

    /// <summary><c>action</c> is neither shown nor clicked.</summary>
    InvalidAction = 11,

    /// <summary><c>moe_event_uuid</c> is missing or no UUID.</summary>
    InvalidEventUuid = 12,

    /// <summary><c>event_time</c> is no time, or one that cannot be.</summary>
    InvalidEventTime = 13,

    /// <summary><c>attributes</c> lacks something or holds too much.</summary>
    InvalidAttributes = 14,
}

/// <summary>The names of the reasons in answers and metrics.</summary>
public static class RejectionReasons
{
    private static readonly string[] Names = [.. Enum.GetNames<RejectionReason>()
        .Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Why a body was refused that could not be taken.</summary>
    public static RejectionReason Of(JsonBodyOutcome body) => body switch
    {
        JsonBodyOutcome.UnsupportedMediaType => RejectionReason.UnsupportedMediaType,
        JsonBodyOutcome.TooLarge => RejectionReason.PayloadTooLarge,
        _ => RejectionReason.MalformedJson,
    };

    /// <summary>The reason in snake case, for example <c>invalid_event_time</c>.</summary>
    public static string Name(this RejectionReason reason) =>
        (int)reason < Names.Length ? Names[(int)reason] : $"reason_{(int)reason}";
}
