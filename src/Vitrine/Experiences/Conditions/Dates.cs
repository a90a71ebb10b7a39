namespace Vitrine.Experiences.Conditions;

/// <summary>
/// Reads dates, without allocating: ISO 8601 dates and date-times in their extended form, and Unix time. A date without
/// an offset is local to a time zone.
/// </summary>
internal static class Dates
{
    /// <summary>The first moment of the year 1, in Unix milliseconds.</summary>
    public const long Earliest = -62_135_596_800_000;

    /// <summary>The last millisecond of the year 9999.</summary>
    public const long Latest = 253_402_300_799_999;

    /// <summary>A number from this on is milliseconds: as seconds it would be the year 5138.</summary>
    private const double FirstMilliseconds = 100_000_000_000;

    private const long Day = 86_400_000;

    /// <summary>Reads Unix time: seconds, or milliseconds where there are too many for seconds.</summary>
    public static bool TryRead(double number, out long moment)
    {
        var milliseconds = Math.Floor(number >= FirstMilliseconds ? number : number * 1000);
        var isDate = milliseconds is >= Earliest and <= Latest;
        moment = isDate ? (long)milliseconds : 0;
        return isDate;
    }

    /// <summary>Reads a text. Fractions of a second are cut behind the milliseconds.</summary>
    /// <param name="text">Such as <c>2026-11-24</c>, <c>2026-11-24T18:30</c> or <c>2026-11-24T18:30:00.5+05:30</c>.</param>
    /// <param name="zone">The time zone, where the text gives no offset.</param>
    /// <param name="first">Its moment in Unix milliseconds; of a day its first.</param>
    /// <param name="last">The same; of a day its last millisecond.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, ZoneOffsets zone, out long first, out long last)
    {
        (first, last) = (0, 0);
        var parts = new DateParts(text);
        if (!parts.TryDate(out var day))
        {
            return false;
        }

        if (parts.IsAtEnd)
        {
            first = zone.ToUtc(day);
            last = zone.ToUtc(day + Day) - 1;
            return true;
        }

        if (!parts.TryTime(out var time) || !parts.TryOffset(out var offset))
        {
            return false;
        }

        first = last = offset is { } given ? day + time - given : zone.ToUtc(day + time);
        return true;
    }
}
