using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Conversions;

/// <summary>Reads the impressions and clicks of an experience once, for all who want to look at them.</summary>
internal static class TouchScan
{
    /// <summary>Reads the touches of a stretch of time.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="contexts">Of the experience.</param>
    /// <param name="from">Unix seconds.</param>
    /// <param name="to">The end, which does not belong to it.</param>
    /// <param name="withClickTargets">Whether anybody asks what was clicked.</param>
    /// <param name="readers">Who looks at them.</param>
    /// <param name="stop">Ends it.</param>
    public static void Read(
        DuckDBConnection connection,
        ExperienceContexts contexts,
        long from,
        long to,
        bool withClickTargets,
        IReadOnlyList<ITouchReader> readers,
        CancellationToken stop)
    {
        if (contexts.All.Count == 0)
        {
            return;
        }

        using var rows = new ChunkReader(connection, Sql(contexts, from, to, withClickTargets));
        var touches = new Touch[2048];
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (touches.Length < rows.Rows)
            {
                touches = new Touch[rows.Rows];
            }

            var found = touches.AsSpan(0, Take(rows, contexts, touches));
            foreach (var reader in readers)
            {
                reader.Add(found);
            }
        }
    }

    private static int Take(ChunkReader rows, ExperienceContexts contexts, Span<Touch> touches)
    {
        var numbers = rows.Column<int>(0);
        var customers = rows.Column<int>(1);
        var actions = rows.Column<byte>(2);
        var platforms = rows.Column<byte>(3);
        var targets = rows.Column<int>(4);
        var times = rows.Column<long>(5);
        var count = 0;
        for (var row = 0; row < rows.Rows; row++)
        {
            if (contexts.PlaceOf(numbers[row]) is >= 0 and var place)
            {
                touches[count++] = new Touch(times[row], customers[row], place, targets[row], (EventAction)actions[row], (Platform)platforms[row]);
            }
        }

        return count;
    }

    private static string Sql(ExperienceContexts contexts, long from, long to, bool withClickTargets) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT context, customer, action, platform, {(withClickTargets ? "coalesce(click_target, 0)" : "0")}, event_time
        FROM events
        WHERE environment = {contexts.Environment} AND event_time >= {from} AND event_time < {to} AND {contexts.Sql("context")}
        """);
}
