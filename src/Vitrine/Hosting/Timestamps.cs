using NodaTime;
using NodaTime.Text;

namespace Vitrine.Hosting;

/// <summary>Times as answers write them.</summary>
internal static class Timestamps
{
    private static readonly OffsetDateTimePattern WithOffset = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<Z+HH:mm>");

    /// <summary>Unix milliseconds as an instant in UTC, with milliseconds.</summary>
    public static string FromMilliseconds(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);

    /// <summary>A moment in a zone, with its offset.</summary>
    public static string InZone(ZonedDateTime moment) => WithOffset.Format(moment.ToOffsetDateTime());
}
