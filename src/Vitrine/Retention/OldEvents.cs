using DuckDB.NET.Data;
using Vitrine.Reports;

namespace Vitrine.Retention;

/// <summary>How many events there are before a moment, by days of UTC.</summary>
internal sealed class OldEvents
{
    private const long Day = 86_400;

    private readonly List<(long Day, long Events)> _days;

    private OldEvents(List<(long Day, long Events)> days, long first) => (_days, First) = (days, first);

    /// <summary>When the first happened, in Unix seconds.</summary>
    public long First { get; }

    /// <summary>Counts them; null when there are none.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="until">Unix seconds.</param>
    public static OldEvents? Find(DuckDBConnection connection, int environment, long until)
    {
        using var command = ReportSql.Command(
            connection,
            """
            SELECT event_time // 86400 AS day, count(*), min(event_time)
            FROM (
              SELECT event_time FROM events WHERE environment = $environment AND event_time < $until
              UNION ALL
              SELECT event_time FROM goal_events WHERE environment = $environment AND event_time < $until)
            GROUP BY day ORDER BY day
            """,
            ("environment", environment),
            ("until", until));
        using var reader = command.ExecuteReader();
        var days = new List<(long, long)>();
        var first = long.MaxValue;
        while (reader.Read())
        {
            days.Add((reader.GetInt64(0), reader.GetInt64(1)));
            first = Math.Min(first, reader.GetInt64(2));
        }

        return days.Count == 0 ? null : new OldEvents(days, first);
    }

    /// <summary>The end of the day with which so many events are reached, in Unix seconds; null where there are fewer.</summary>
    public long? EndOf(long events)
    {
        foreach (var (day, count) in _days)
        {
            events -= count;
            if (events <= 0)
            {
                return (day + 1) * Day;
            }
        }

        return null;
    }
}
