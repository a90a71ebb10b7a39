using NodaTime;
using NodaTime.Text;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Charts;

/// <summary>The moments of a chart: also those at which nothing happened, of which reports say nothing.</summary>
internal static class ChartMoments
{
    private const int Most = 2_000;

    /// <summary>
    /// Every moment of a range up to the present, and what was reported beyond that. A range without a beginning begins with
    /// what was reported first.
    /// </summary>
    /// <param name="range">The range.</param>
    /// <param name="reported">The moments of which a report says something.</param>
    /// <param name="scale">How far apart they are.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<Instant> Of(ReportRange range, IEnumerable<Instant> reported, ReportScale scale, Instant now)
    {
        var known = reported.ToHashSet();
        if (known.Count == 0)
        {
            return [];
        }

        var buckets = new TimeBuckets(scale, range.Zone);
        var first = range.From is null ? known.Min() : Instant.Min(Start(buckets, range.FromSeconds), known.Min());
        var last = Instant.Max(known.Max(), Start(buckets, Math.Min(range.ToSeconds - 1, now.ToUnixTimeSeconds())));
        for (var (moment, count) = (first, 0); moment <= last && count < Most; moment = After(moment, scale, range.Zone), count++)
        {
            known.Add(moment);
        }

        return [.. known.Order()];
    }

    /// <summary>Where a bucket of a report begins.</summary>
    public static Instant StartOf(ReportBucket bucket) => StartOf(bucket.Start);

    /// <summary>Where a bucket begins, from how reports write it.</summary>
    public static Instant StartOf(string start) => OffsetDateTimePattern.GeneralIso.Parse(start).Value.ToInstant();

    /// <summary>How a moment is written below a chart.</summary>
    public static string Text(Instant moment, ReportScale scale, DateTimeZone zone) => moment.InZone(zone).ToString(
        scale == ReportScale.Hour ? "d MMM HH:mm" : scale == ReportScale.Month ? "MMM uuuu" : "d MMM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the last of some moments is not over yet.</summary>
    public static bool IsLastOpen(IReadOnlyList<Instant> moments, ReportScale scale, DateTimeZone zone, Instant now) =>
        moments.Count > 0 && After(moments[^1], scale, zone) > now;

    /// <summary>The moment after one.</summary>
    public static Instant After(Instant moment, ReportScale scale, DateTimeZone zone) => scale == ReportScale.Hour
        ? moment + Duration.FromHours(1)
        : zone.AtStartOfDay(moment.InZone(zone).Date + scale switch
        {
            ReportScale.Day => Period.FromDays(1),
            ReportScale.Week => Period.FromWeeks(1),
            _ => Period.FromMonths(1),
        }).ToInstant();

    private static Instant Start(TimeBuckets buckets, long seconds) => buckets.Start(buckets.Of(seconds)).ToInstant();
}
