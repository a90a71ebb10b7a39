using NodaTime;
using NodaTime.Text;

namespace Vitrine.Reports;

/// <summary>The stretch of time that a report is about.</summary>
/// <param name="From">Its beginning as it was asked for; null: from the first event on.</param>
/// <param name="To">Its end, which does not belong to it; null: up to the last event.</param>
/// <param name="Zone">The zone whose days are meant.</param>
/// <param name="FromSeconds">The beginning in Unix seconds.</param>
/// <param name="ToSeconds">The end in Unix seconds.</param>
public sealed record ReportRange(string? From, string? To, DateTimeZone Zone, long FromSeconds, long ToSeconds)
{
    private const string NoMoment =
        "no date (2026-11-03), local time (2026-11-03T09:00) or instant (2026-11-03T09:00:00Z) of the years 1970 to 9998.";

    private static readonly long Earliest = Instant.FromUtc(1970, 1, 1, 0, 0).ToUnixTimeSeconds();
    private static readonly long Latest = Instant.FromUtc(9999, 1, 1, 0, 0).ToUnixTimeSeconds();

    /// <summary>
    /// Reads the query parameters. Dates (<c>2026-11-03</c>) are local days of the zone; local times
    /// (<c>2026-11-03T09:00</c>) and instants (<c>2026-11-03T09:00:00Z</c>, or with an offset) are taken too.
    /// </summary>
    /// <returns>The range, or what is wrong with the parameters.</returns>
    public static (ReportRange? Range, string? Error) Parse(string? from, string? to, string? zoneId, DateTimeZone zoneByDefault)
    {
        zoneId = zoneId?.Replace(' ', '+'); // A plus sign that was not encoded arrives as a space, and no zone has one.
        var zone = string.IsNullOrEmpty(zoneId) ? zoneByDefault : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId);
        if (zone is null)
        {
            return (null, $"tz: '{zoneId}' is no IANA time zone; one looks like Europe/Berlin.");
        }

        (from, to) = (WithPlus(from), WithPlus(to));

        if (!TryMoment(from, zone, Earliest, out var fromSeconds))
        {
            return (null, $"from: '{from}' is {NoMoment}");
        }

        if (!TryMoment(to, zone, Latest, out var toSeconds))
        {
            return (null, $"to: '{to}' is {NoMoment}");
        }

        return toSeconds < fromSeconds
            ? (null, $"to lies before from: {to} < {from}.")
            : (new ReportRange(Given(from), Given(to), zone, fromSeconds, toSeconds), null);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>What a client sent whose offset's plus sign was not encoded, and so arrives as a space, in the end.</summary>
    private static string? WithPlus(string? text) =>
        text is [.., ' ', _, _, ':', _, _] && text.Contains('T', StringComparison.Ordinal) ? text.Replace(' ', '+') : text;

    private static bool TryMoment(string? text, DateTimeZone zone, long absent, out long seconds)
    {
        seconds = absent;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false; // The patterns take it for the end.
        }

        try
        {
            if (LocalDatePattern.Iso.Parse(text) is { Success: true } date)
            {
                seconds = TimeBuckets.StartOfDay(zone, date.Value).ToInstant().ToUnixTimeSeconds();
            }
            else if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } instant)
            {
                seconds = FirstSecond(instant.Value.ToInstant());
            }
            else if (LocalDateTimePattern.GeneralIso.Parse(text.Length == 16 ? text + ":00" : text) is { Success: true } local)
            {
                seconds = FirstSecond(zone.AtLeniently(local.Value).ToInstant());
            }
            else
            {
                return false;
            }
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or OverflowException)
        {
            return false; // A year at the edge of the calendar, moved over it by an offset.
        }

        return seconds >= Earliest && seconds <= Latest;
    }

    /// <summary>Events happen at whole seconds: the first of them that is not before the moment.</summary>
    private static long FirstSecond(Instant moment) =>
        moment.ToUnixTimeSeconds() is var second && Instant.FromUnixTimeSeconds(second) < moment ? second + 1 : second;
}
