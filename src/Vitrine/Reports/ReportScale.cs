using System.Globalization;
using System.Text;
using NodaTime;

namespace Vitrine.Reports;

/// <summary>The width of a report's buckets.</summary>
public enum ReportScale
{
    /// <summary>Clock hours of the zone. The hour that a clock set back repeats is two buckets.</summary>
    Hour,

    /// <summary>Local days, however many hours they have.</summary>
    Day,

    /// <summary>Weeks from Monday (ISO 8601).</summary>
    Week,

    /// <summary>Calendar months.</summary>
    Month,
}

/// <summary>
/// Cuts time into the buckets of a zone. The zone's offsets come from the time zone data inside the executable, and
/// reach the SQL as the few numbers that hold within the range, so that a row costs integer arithmetic only and both
/// sides can never disagree about a zone.
/// </summary>
/// <param name="scale">The width.</param>
/// <param name="zone">The zone.</param>
internal sealed class TimeBuckets(ReportScale scale, DateTimeZone zone)
{
    private static readonly LocalDate EpochMonday = new(1969, 12, 29);
    private static readonly LocalDate EpochDay = new(1970, 1, 1);

    /// <summary>
    /// An SQL expression over a column of Unix seconds that gives the number of its bucket, valid for times of the
    /// stretch given in Unix seconds, the end not included.
    /// </summary>
    public string Expression(string column, long from, long to)
    {
        var intervals = zone
            .GetZoneIntervals(Instant.FromUnixTimeSeconds(Math.Min(from, to - 1)), Instant.FromUnixTimeSeconds(to))
            .ToList();
        if (intervals.Count == 1)
        {
            return Within(column, intervals[0]);
        }

        var sql = new StringBuilder("(CASE ");
        foreach (var interval in intervals.SkipLast(1))
        {
            sql.Append(CultureInfo.InvariantCulture, $"WHEN {column} < {interval.End.ToUnixTimeSeconds()} THEN {Within(column, interval)} ");
        }

        return sql.Append(CultureInfo.InvariantCulture, $"ELSE {Within(column, intervals[^1])} END)").ToString();
    }

    /// <summary>
    /// Cuts a stretch of time, given in Unix seconds, the end not included, at the borders of buckets and days (hours,
    /// where these are the buckets) and wherever the offset changes. The numbers are those of <see cref="Expression"/>;
    /// where a clock is set back over midnight, a day's stretches are not neighbours.
    /// </summary>
    public IEnumerable<TimePiece> Pieces(long from, long to)
    {
        if (from >= to)
        {
            yield break;
        }

        var width = scale == ReportScale.Hour ? 3600 : 86400;
        foreach (var interval in zone.GetZoneIntervals(Instant.FromUnixTimeSeconds(from), Instant.FromUnixTimeSeconds(to)))
        {
            var offset = interval.WallOffset.Seconds;
            var begins = interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue;
            var end = interval.HasEnd ? Math.Min(to, interval.End.ToUnixTimeSeconds()) : to;
            for (var start = Math.Max(from, begins); start < end;)
            {
                var whole = FloorDivide(start + offset, width);
                var next = Math.Min(end, ((whole + 1) * width) - offset);
                yield return new TimePiece(BucketOf(start, offset, begins), start, next);
                start = next;
            }
        }
    }

    /// <summary>The number of the bucket in which a moment, given in Unix seconds, lies.</summary>
    public long Of(long time)
    {
        var interval = zone.GetZoneInterval(Instant.FromUnixTimeSeconds(time));
        return BucketOf(time, interval.WallOffset.Seconds, interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue);
    }

    /// <summary>The beginning of a bucket.</summary>
    public ZonedDateTime Start(long bucket) => scale switch
    {
        ReportScale.Hour => Instant.FromUnixTimeSeconds(bucket).InZone(zone),
        ReportScale.Day => StartOfDay(zone, EpochDay.PlusDays((int)bucket)),
        ReportScale.Week => StartOfDay(zone, EpochMonday.PlusWeeks((int)bucket)),
        _ => StartOfDay(zone, EpochDay.PlusMonths((int)bucket)),
    };

    /// <summary>The first moment of a local day; of a day that the zone left out, the moment at which it was left out.</summary>
    public static ZonedDateTime StartOfDay(DateTimeZone zone, LocalDate day) => zone.AtLeniently(day.AtMidnight());

    /// <summary>The bucket of a time at an offset that holds since a moment; a change of the clock ends an hour.</summary>
    private long BucketOf(long time, int offset, long begins) => scale == ReportScale.Hour
        ? Math.Max(begins, (FloorDivide(time + offset, 3600) * 3600) - offset)
        : BucketOfDay(FloorDivide(time + offset, 86400));

    private long BucketOfDay(long day) => scale switch
    {
        ReportScale.Day => day,
        ReportScale.Week => FloorDivide(day + 3, 7),
        _ => Period.Between(EpochDay, EpochDay.PlusDays((int)day).With(DateAdjusters.StartOfMonth), PeriodUnits.Months).Months,
    };

    private static long FloorDivide(long number, long by) => (number - (((number % by) + by) % by)) / by;

    private string Within(string column, NodaTime.TimeZones.ZoneInterval interval)
    {
        var offset = interval.WallOffset.Seconds;
        var day = string.Create(CultureInfo.InvariantCulture, $"(({column} + {offset}) // 86400)");
        return scale switch
        {
            ReportScale.Hour when interval.HasStart => string.Create(
                CultureInfo.InvariantCulture,
                $"greatest({interval.Start.ToUnixTimeSeconds()}, ({column} + {offset}) // 3600 * 3600 - {offset})"),
            ReportScale.Hour => string.Create(CultureInfo.InvariantCulture, $"(({column} + {offset}) // 3600 * 3600 - {offset})"),
            ReportScale.Day => day,
            ReportScale.Week => $"(({day} + 3) // 7)",
            _ => $"datediff('month', DATE '1970-01-01', DATE '1970-01-01' + CAST({day} AS INTEGER))",
        };
    }
}
