using System.Buffers;
using System.Globalization;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Conversions;

/// <summary>Reads amounts of money from the attributes of events.</summary>
/// <remarks>
/// Amounts are decimal, rounded to a millionth and at most <see cref="Largest"/> in size, so that the sum of any number
/// of them that a report can hold is exact, and the same in whatever order they come.
/// </remarks>
internal static class Amount
{
    /// <summary>A larger one is taken for a mistake, and counts as missing.</summary>
    public const decimal Largest = 1_000_000_000_000m;

    /// <summary>Digits behind the point.</summary>
    public const int Decimals = 6;

    private const int CurrencyLength = 3;
    private static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>The amount in a slot: a number, or a text that is one; null where there is none.</summary>
    public static decimal? Read(AttributeValues values, int slot)
    {
        var value = values[slot];
        return value.Kind is AttributeKind.Number or AttributeKind.Text
            && decimal.TryParse(values.TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            && Math.Abs(amount) <= Largest
                ? Math.Round(amount, Decimals)
                : null;
    }

    /// <summary>Whether a text is a currency's code: three letters, in any case.</summary>
    public static bool IsCurrency(ReadOnlySpan<byte> text) => text.Length == CurrencyLength && !text.ContainsAnyExcept(Letters);

    /// <summary>The currency in a slot: three letters, in capitals; the one that holds by default where the attribute is missing.</summary>
    /// <returns>False where there is an attribute that is no such code: nobody can say in what the amount is.</returns>
    public static bool TryCurrency(AttributeValues values, int slot, string? byDefault, out string? currency)
    {
        currency = byDefault;
        var value = values[slot];
        if (value.Kind == AttributeKind.Missing)
        {
            return true;
        }

        var text = values.TextOf(value);
        if (value.Kind != AttributeKind.Text || !IsCurrency(text))
        {
            return false;
        }

        currency = System.Text.Encoding.ASCII.GetString(text).ToUpperInvariant();
        return true;
    }
}
