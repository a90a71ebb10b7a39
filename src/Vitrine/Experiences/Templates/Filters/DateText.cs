using NodaTime;
using NodaTime.Text;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>Dates and times as the texts of ISO 8601 that attributes hold.</summary>
internal static class DateText
{
    private static readonly OffsetDateTimePattern Written = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<Z+HH:mm>");

    private static readonly OffsetDateTimePattern[] WithOffset =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<Z+HHmm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mmo<Z+HH:mm>"),
    ];

    private static readonly LocalDateTimePattern[] WithoutOffset =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFF"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
    ];

    /// <summary>Such as <c>2026-03-01T12:30:00+01:00</c>.</summary>
    public static string Write(ZonedDateTime time) => Written.Format(time.ToOffsetDateTime());

    /// <summary>Reads a text; null when it is none. What names no offset is meant in the zone; a blank may stand for the T.</summary>
    public static ZonedDateTime? Read(string text, DateTimeZone zone)
    {
        text = text.Trim();
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date))
        {
            return zone.AtStartOfDay(date);
        }

        text = text.Length > 10 && text[10] == ' ' ? $"{text[..10]}T{text[11..]}" : text;
        foreach (var pattern in WithOffset)
        {
            if (pattern.Parse(text).TryGetValue(default, out var time))
            {
                return time.InZone(zone);
            }
        }

        foreach (var pattern in WithoutOffset)
        {
            if (pattern.Parse(text).TryGetValue(default, out var time))
            {
                return zone.AtLeniently(time);
            }
        }

        return null;
    }
}
