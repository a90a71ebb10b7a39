using System.Collections.Frozen;
using System.Text;

namespace Vitrine.Journal.Records;

/// <summary>What a customer's id may be, and how much a request may say of him, whichever endpoint it comes through.</summary>
public static class CustomerRules
{
    /// <summary>Bytes of UTF-8 in a customer id.</summary>
    public const int MaximumIdBytes = 512;

    /// <summary>Attributes that one object may set.</summary>
    public const int MaximumAttributes = 100;

    private const int LongestPlaceholder = 24;

    private static readonly FrozenSet<string> Placeholders = new[]
    {
        "unknown", "guest", "null", "0", "1", "2", "-1", "-2", "true", "false", "user_attribute_unique_id", "(empty)",
        "na", "n/a", "dummy_seller_code", "user_id", "id", "customer_id", "uid", "userid", "none",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a customer id is refused; null when it can be kept.</summary>
    public static string? WhyNotId(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "must not be empty";
        }

        if (utf8.Length > MaximumIdBytes)
        {
            return $"has {utf8.Length} bytes; at most {MaximumIdBytes} are allowed";
        }

        if (utf8.Length > LongestPlaceholder)
        {
            return null;
        }

        Span<char> characters = stackalloc char[LongestPlaceholder];
        characters = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        return Placeholders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(characters)
            ? "is a placeholder that many users would share; send the user's own id"
            : Rune.DecodeFromUtf8(utf8, out _, out var first) == System.Buffers.OperationStatus.Done && first == utf8.Length
                ? "has one character; an id has at least two"
                : null;
    }
}
