using System.Collections.Frozen;
using System.Text;

namespace Vitrine.Events;

/// <summary>The limits of the events contract, in one place.</summary>
public static class EventsRules
{
    /// <summary>Bytes of a body after decompression.</summary>
    public const int MaximumBodyBytes = 1 << 20;

    /// <summary>Users in one request.</summary>
    public const int MaximumElements = 100;

    /// <summary>Actions of one user in one request.</summary>
    public const int MaximumActions = 100;

    /// <summary>Bytes of UTF-8 in a customer id.</summary>
    public const int MaximumCustomerIdBytes = 512;

    /// <summary>Keys in <c>user_attributes</c>, and further keys in <c>attributes</c>.</summary>
    public const int MaximumAttributes = 100;

    /// <summary>Characters in the name of a further attribute.</summary>
    public const int MaximumAttributeNameLength = 200;

    /// <summary>Characters of a further attribute's value or a click target; what is longer is cut.</summary>
    public const int MaximumAttributeValueLength = 512;

    /// <summary>Characters in each text of the experience context.</summary>
    public const int MaximumContextTextLength = 1024;

    /// <summary>Seconds east or west of UTC.</summary>
    public const int MaximumTimezoneOffset = 54_000;

    /// <summary>2010-01-01T00:00:00Z.</summary>
    public const long EarliestEventTime = 1_262_304_000;

    /// <summary>Seconds that an event may lie ahead of the server's clock.</summary>
    public const long MaximumEventTimeAhead = 24 * 60 * 60;

    /// <summary>From here on a number can only be a time in milliseconds.</summary>
    public const long FirstMillisecondTime = 100_000_000_000;

    private const int LongestPlaceholder = 24;

    private static readonly FrozenSet<string> Placeholders = new[]
    {
        "unknown", "guest", "null", "0", "1", "2", "-1", "-2", "true", "false", "user_attribute_unique_id", "(empty)",
        "na", "n/a", "dummy_seller_code", "user_id", "id", "customer_id", "uid", "userid", "none",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a customer id is refused; null when it can be kept.</summary>
    public static string? WhyNotCustomerId(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "must not be empty";
        }

        if (utf8.Length > MaximumCustomerIdBytes)
        {
            return $"has {utf8.Length} bytes; at most {MaximumCustomerIdBytes} are allowed";
        }

        if (utf8.Length > LongestPlaceholder)
        {
            return null;
        }

        Span<char> characters = stackalloc char[LongestPlaceholder];
        characters = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        return Placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(characters)
            ? "is a placeholder that many users would share; send the user's own id"
            : Text.Length(utf8) == 1 ? "has one character; an id has at least two" : null;
    }
}
