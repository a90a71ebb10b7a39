using NodaTime;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Charts;

/// <summary>The moments of a chart: also those at which nothing happened, of which reports say nothing.</summary>
internal static class ChartMoments
{
    private const int Most = 2_000;

    /// <summary>Every moment from the first to the last of some.</summary>
    public static IReadOnlyList<Instant> Between(IEnumerable<Instant> some, ReportScale scale, DateTimeZone zone)
    {
        var known = some.ToHashSet();
        if (known.Count == 0)
        {
            return [];
        }

        var last = known.Max();
        for (var (moment, count) = (known.Min(), 0); moment < last && count < Most; count++)
        {
            moment = After(moment, scale, zone);
            known.Add(moment);
        }

        return [.. known.Where(moment => moment <= last).Order()];
    }

    /// <summary>The moment after one.</summary>
    public static Instant After(Instant moment, ReportScale scale, DateTimeZone zone) => scale == ReportScale.Hour
        ? moment + Duration.FromHours(1)
        : zone.AtStartOfDay(moment.InZone(zone).Date + scale switch
        {
            ReportScale.Day => Period.FromDays(1),
            ReportScale.Week => Period.FromWeeks(1),
            _ => Period.FromMonths(1),
        }).ToInstant();
}
