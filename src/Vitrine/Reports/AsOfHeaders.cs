using System.Globalization;
using NodaTime;
using Vitrine.Hosting;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>Says in headers up to which journal record an answer is complete: a table has no place for it.</summary>
internal static class AsOfHeaders
{
    /// <summary>The position of the last record that is in the answer; 0 before the first.</summary>
    public const string Position = "Vitrine-As-Of-Position";

    /// <summary>When that record was received; absent before the first.</summary>
    public const string ReceivedAt = "Vitrine-As-Of-Received-At";

    /// <summary>From when on single events are kept; absent where the range holds no other time.</summary>
    public const string RawFrom = "Vitrine-Raw-From";

    /// <summary>Says from when on single events are kept, where the range reaches back to a time of which only hourly figures are.</summary>
    public static void SetRawFrom(HttpResponse response, long? rawFrom, ReportRange range)
    {
        if (RawFromText(rawFrom, range) is { } text)
        {
            response.Headers[RawFrom] = text;
        }
    }

    /// <summary>From when on single events are kept, in the range's zone; null where the range holds no other time.</summary>
    /// <param name="rawFrom">Unix seconds; null: all are.</param>
    /// <param name="range">What is asked for.</param>
    public static string? RawFromText(long? rawFrom, ReportRange range) =>
        rawFrom is { } seconds && range.FromSeconds < seconds ? Timestamps.InZone(Instant.FromUnixTimeSeconds(seconds).InZone(range.Zone)) : null;

    /// <summary>Sets the headers of an answer that has not begun.</summary>
    public static void Set(HttpResponse response, AsOf asOf)
    {
        response.Headers[Position] = asOf.Position.ToString(CultureInfo.InvariantCulture);
        if (asOf.ReceivedAt is { } receivedAt)
        {
            response.Headers[ReceivedAt] = receivedAt;
        }
    }
}
