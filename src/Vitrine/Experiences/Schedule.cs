using NodaTime;
using NodaTime.Text;

namespace Vitrine.Experiences;

/// <summary>When an experience is active.</summary>
/// <remarks>
/// Local times that the zone's clock skips are moved on by what it skips; of those that it shows twice the earlier one is
/// meant.
/// </remarks>
/// <param name="Start">Unix milliseconds from which on it is active; null: from its publication on.</param>
/// <param name="End">Unix milliseconds from which on it is active no more; null: never.</param>
public sealed record Schedule(long? Start, long? End)
{
    private static readonly OffsetPattern Offsets = OffsetPattern.CreateWithInvariantCulture("Z+HH:mm");
    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");
    private static readonly LocalDateTimePattern Seconds = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss");

    /// <summary>The schedule of a document that has been checked.</summary>
    public static Schedule Of(ExperienceDocument document)
    {
        var zone = DateTimeZoneProviders.Tzdb[document.TimeZone ?? "UTC"];
        return new Schedule(Parse(document.Start, zone), Parse(document.End, zone));
    }

    /// <summary>Unix milliseconds of a local time of a zone, or of one with an offset; null when it is neither.</summary>
    public static long? Parse(string? text, DateTimeZone zone)
    {
        if (text is null)
        {
            return null;
        }

        var offsetAt = text.IndexOfAny(['Z', '+', '-'], Math.Min(text.Length, "uuuu-MM-dd".Length));
        var local = offsetAt < 0 ? text : text[..offsetAt];
        var parsed = (local.Length == "uuuu-MM-ddTHH:mm".Length ? Minutes : Seconds).Parse(local);
        if (!parsed.TryGetValue(default, out var dateTime))
        {
            return null;
        }

        try
        {
            return offsetAt < 0 ? zone.AtLeniently(dateTime).ToInstant().ToUnixTimeMilliseconds()
                : Offsets.Parse(text[offsetAt..]).TryGetValue(default, out var offset) ? dateTime.WithOffset(offset).ToInstant().ToUnixTimeMilliseconds()
                : null;
        }
        catch (OverflowException)
        {
            return null; // At the edge of the calendar, moved over it by an offset.
        }
    }

    /// <summary>What a published experience is doing at a moment, given in Unix milliseconds.</summary>
    public ExperienceStatus StatusAt(long now, bool paused) =>
        now >= End ? ExperienceStatus.Expired
        : paused ? ExperienceStatus.Paused
        : now < Start ? ExperienceStatus.Scheduled
        : ExperienceStatus.Active;
}
