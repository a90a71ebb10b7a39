using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>Figures of the hours of which single events are not kept any more.</summary>
/// <remarks>An hour counts where it begins. Events and customers are added to what is counted from the single events beside them.</remarks>
/// <param name="Row">What they are about; without figures.</param>
internal sealed partial record HourlyFigures(ReportRow Row)
{
    private readonly long[] _events = new long[2];
    private readonly int[]?[] _registers = new int[]?[2];

    /// <summary>Reads them.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="experienceId">The only experience that is asked for; null: all of them.</param>
    /// <param name="range">The stretch of time.</param>
    /// <param name="dimensions">In SQL, by what they are broken down.</param>
    /// <param name="scale">The width of buckets; null: none.</param>
    /// <exception cref="ReportTooLargeException">There are more than an answer may have.</exception>
    public static Dictionary<ReportPlace, HourlyFigures> Read(
        DuckDBConnection connection, int environment, string? experienceId, ReportRange range, IReadOnlyList<string> dimensions, ReportScale? scale)
    {
        var figures = new Dictionary<ReportPlace, HourlyFigures>();
        if (Extent(connection, environment, range) is not var (from, to))
        {
            return figures;
        }

        var buckets = scale is { } width ? new TimeBuckets(width, range.Zone) : null;
        string Bucket(string column) => buckets is null ? "CAST(0 AS BIGINT)" : $"CAST({buckets.Expression(column, from, to)} AS BIGINT)";
        var named = string.Concat(dimensions.Select(static (sql, index) => $"{sql} AS d{index}, "));
        (string, object)[] parameters = [("environment", environment), ("experience", (object?)experienceId ?? DBNull.Value), ("from", from), ("to", to)];
        ReadEvents(connection, named, Bucket("e.starts_at"), dimensions.Count, scale is not null, parameters, figures);
        if (figures.Count > 0)
        {
            ReadCustomers(connection, BucketOf().Replace(ReportSql.Read("HourlyCustomers"), place => Bucket(place.Groups[1].Value)), named, dimensions.Count, scale is not null, parameters, figures);
        }

        return figures;
    }

    /// <summary>What was counted from single events, with these.</summary>
    public Figures AddTo(Figures counted)
    {
        var (impressions, clicks) = (counted.Impressions + _events[0], counted.Clicks + _events[1]);
        return counted with
        {
            Impressions = impressions,
            Clicks = clicks,
            UniqueImpressions = Customers(0, counted.UniqueImpressions, impressions),
            UniqueClicks = Customers(1, counted.UniqueClicks, clicks),
            AreUniquesEstimated = true,
        };
    }

    /// <summary>Not fewer than are known one by one, and not more than there are events.</summary>
    private long Customers(int action, long known, long events) =>
        _registers[action] is { } registers && _events[action] > 0 ? Math.Clamp(CustomerEstimate.Of(registers), known, Math.Max(known, events)) : known;

    private static void ReadEvents(
        DuckDBConnection connection, string named, string bucket, int dimensions, bool hasBuckets, (string, object)[] parameters, Dictionary<ReportPlace, HourlyFigures> figures)
    {
        var sql = ReportSql.Read("HourlyFigures")
            .Replace("{dimensions}", named, StringComparison.Ordinal)
            .Replace("{bucket}", bucket, StringComparison.Ordinal)
            .Replace("{limit}", (2 * ReportRow.Maximum).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var command = ReportSql.Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            foreach (var row in ReportPlace.Of(ReportSql.Texts(reader, dimensions), reader.GetInt64(dimensions), dimensions > 0, hasBuckets))
            {
                if (!figures.TryGetValue(row.Place, out var ofRow))
                {
                    figures.Add(row.Place, ofRow = figures.Count < ReportRow.Maximum ? new HourlyFigures(row) : throw new ReportTooLargeException());
                }

                ofRow._events[reader.GetByte(dimensions + 1)] += reader.GetInt64(dimensions + 2);
            }
        }
    }

    private static void ReadCustomers(
        DuckDBConnection connection, string sql, string named, int dimensions, bool hasBuckets, (string, object)[] parameters, Dictionary<ReportPlace, HourlyFigures> figures)
    {
        var names = string.Concat(Enumerable.Range(0, dimensions).Select(static index => $"d{index}, "));
        List<string> sets = ["(action, register)", .. dimensions > 0 ? [$"({names}action, register)"] : Array.Empty<string>(), .. hasBuckets ? [$"({names}bucket, action, register)"] : Array.Empty<string>()];
        sql = sql
            .Replace("{dimensions}", named, StringComparison.Ordinal)
            .Replace("{names}", names, StringComparison.Ordinal)
            .Replace("{register}", CustomerSketch.Register, StringComparison.Ordinal)
            .Replace("{rank}", CustomerSketch.Rank, StringComparison.Ordinal)
            .Replace("{hash}", CustomerSketch.Hash("u.customer_id"), StringComparison.Ordinal)
            .Replace("{is_group}", dimensions > 0 ? "grouping(d0) = 0" : "false", StringComparison.Ordinal)
            .Replace("{is_bucket}", hasBuckets ? "grouping(bucket) = 0" : "false", StringComparison.Ordinal)
            .Replace("{bucket}", hasBuckets ? "bucket" : "CAST(0 AS BIGINT)", StringComparison.Ordinal)
            .Replace("{sets}", string.Join(", ", sets), StringComparison.Ordinal);
        using var command = ReportSql.Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var isGroup = reader.GetBoolean(dimensions + 1);
            var row = new ReportRow(ReportSql.Texts(reader, dimensions), isGroup, reader.GetBoolean(dimensions + 2), reader.GetInt64(dimensions), Figures.None);
            if (figures.TryGetValue(row.Place, out var ofRow))
            {
                (ofRow._registers[reader.GetByte(dimensions + 3)] ??= new int[CustomerSketch.HighestRank + 1])[reader.GetByte(dimensions + 4)] += (int)reader.GetInt64(dimensions + 5);
            }
        }
    }

    /// <summary>The part of the range in which there are hours or events; null when there are no hours in it.</summary>
    private static (long From, long To)? Extent(DuckDBConnection connection, int environment, ReportRange range)
    {
        using var command = ReportSql.Command(
            connection,
            """
            WITH kept AS (SELECT min(event_time) AS first, max(event_time) AS last FROM events WHERE environment = $environment)
            SELECT least(min(starts_at), (SELECT first FROM kept)), greatest(max(starts_at), (SELECT last FROM kept)) + 1
            FROM rolled_figures WHERE environment = $environment AND starts_at >= $from AND starts_at < $to
            """,
            ("environment", environment),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? (Math.Max(range.FromSeconds, reader.GetInt64(0)), Math.Min(range.ToSeconds, reader.GetInt64(1))) : null;
    }

    [GeneratedRegex(@"\{bucket:([^}]+)\}")]
    private static partial Regex BucketOf();
}
