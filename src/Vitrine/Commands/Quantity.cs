using System.Buffers;
using System.Globalization;

namespace Vitrine.Commands;

/// <summary>Durations and sizes as people write them.</summary>
internal static class Quantity
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>A duration such as <c>90s</c>, <c>15m</c>, <c>24h</c> or <c>30d</c>.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static TimeSpan Duration(string text) => Split(text) switch
    {
        (var number, "s") => TimeSpan.FromSeconds(number),
        (var number, "m") => TimeSpan.FromMinutes(number),
        (var number, "h") => TimeSpan.FromHours(number),
        (var number, "d") => TimeSpan.FromDays(number),
        _ => throw new CommandException($"'{text}' is no duration; one looks like 90s, 15m, 24h or 30d"),
    };

    /// <summary>A size such as <c>512MiB</c> or <c>20GiB</c>; the unit may be B, KiB, MiB, GiB or TiB.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static long Bytes(string text) => Split(text) switch
    {
        (var number, "b" or "") => (long)number,
        (var number, "kib" or "k") => (long)(number * (1L << 10)),
        (var number, "mib" or "m") => (long)(number * (1L << 20)),
        (var number, "gib" or "g") => (long)(number * (1L << 30)),
        (var number, "tib" or "t") => (long)(number * (1L << 40)),
        _ => throw new CommandException($"'{text}' is no size; one looks like 512MiB or 20GiB"),
    };

    private static (double Number, string Unit) Split(string text)
    {
        var digits = text.Trim();
        var end = digits.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = end < 0 ? digits : digits[..end];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (value, end < 0 ? "" : digits[end..].Trim().ToLowerInvariant())
            : (0, "?");
    }
}
