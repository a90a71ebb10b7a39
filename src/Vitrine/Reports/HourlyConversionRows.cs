using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>Adds what goal events counted for in hours of which single events are not kept any more.</summary>
/// <remarks>
/// Everything here can be added up: a unique conversion was counted in one hour, the first of its customer's on that day of
/// the workspace's zone. A goal that has another name now is another goal.
/// </remarks>
internal static class HourlyConversionRows
{
    /// <summary>The rows with these conversions too.</summary>
    public static List<ReportRow> Into(List<ReportRow> rows, DuckDBConnection connection, ExperienceQuestion question, ExperienceGoals goals)
    {
        var hours = Read(connection, question);
        return hours.Count == 0 ? rows : [.. rows.Select(row => hours.TryGetValue(row.Place, out var ofRow)
            ? row with { Figures = row.Figures with { Goals = [.. row.Figures.Goals!.Zip(goals.Goals, (figures, goal) => Add(figures, goal, ofRow, Touches(row, question)))] } }
            : row)];
    }

    private static Dictionary<ReportPlace, List<Hour>> Read(DuckDBConnection connection, ExperienceQuestion question)
    {
        var buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        var (from, to) = ReportSql.Extent(connection, question.Range, "SELECT min(starts_at), max(starts_at) + 1 FROM rolled_conversions");
        var sql = ReportSql.Read("HourlyConversions")
            .Replace("{dimensions}", string.Concat(question.By.Select(static dimension => $"{dimension.OfHourlyConversions}, ")), StringComparison.Ordinal)
            .Replace("{bucket}", buckets is null ? "CAST(0 AS BIGINT)" : $"CAST({buckets.Expression("starts_at", from, to)} AS BIGINT)", StringComparison.Ordinal);
        using var command = ReportSql.Command(
            connection,
            sql,
            ("environment", ReportSql.EnvironmentNumber(connection, question.EnvironmentId)),
            ("experience", question.ExperienceId),
            ("model", (int)question.Attribution),
            ("from", question.Range.FromSeconds),
            ("to", question.Range.ToSeconds));
        using var reader = command.ExecuteReader();
        var hours = new Dictionary<ReportPlace, List<Hour>>();
        while (reader.Read())
        {
            var column = question.By.Count;
            var values = ReportSql.Texts(reader, column);
            var hour = new Hour(
                reader.GetString(column + 1),
                reader.GetBoolean(column + 2),
                reader.IsDBNull(column + 3) ? null : reader.GetString(column + 3),
                reader.GetInt64(column + 4),
                reader.GetInt64(column + 5),
                (decimal)reader.GetFieldValue<System.Numerics.BigInteger>(column + 6) / 1_000_000,
                reader.GetInt64(column + 7));
            foreach (var row in ReportPlace.Of(values, reader.GetInt64(column), column > 0, buckets is not null))
            {
                if (!hours.TryGetValue(row.Place, out var ofRow))
                {
                    hours.Add(row.Place, ofRow = []);
                }

                ofRow.Add(hour);
            }
        }

        return hours;
    }

    private static long Touches(ReportRow row, ExperienceQuestion question) =>
        question.Attribution.Touch() == EventAction.Impression ? row.Figures.Impressions : row.Figures.Clicks;

    private static GoalFigures Add(GoalFigures figures, Goal goal, List<Hour> hours, long touches)
    {
        var all = hours.Where(hour => hour.Goal == goal.Name && !hour.IsRevenue).ToList();
        var unique = figures.UniqueConversions + all.Sum(static hour => hour.Unique);
        var sum = figures with
        {
            Conversions = figures.Conversions + all.Sum(static hour => hour.Conversions),
            UniqueConversions = unique,
            ConversionRate = touches == 0 ? null : 100.0 * unique / touches,
        };
        if (!goal.HasAmounts)
        {
            return sum;
        }

        var revenues = hours.Where(hour => hour.Goal == goal.Name && hour.IsRevenue).ToList();
        return sum with
        {
            Revenue = RevenueFigures.InOrder(goal.Currency, figures.Revenue!
                .Concat(revenues.Select(static hour => new RevenueFigures(hour.Currency, hour.Revenue, hour.Conversions, hour.Unique)))
                .GroupBy(static one => one.Currency)
                .Select(static one => new RevenueFigures(
                    one.Key, one.Sum(static part => part.Revenue), one.Sum(static part => part.Conversions), one.Sum(static part => part.UniqueConversions)))),
            WithoutRevenue = figures.WithoutRevenue + revenues.Sum(static hour => hour.WithoutRevenue),
        };
    }

    private sealed record Hour(string Goal, bool IsRevenue, string? Currency, long Conversions, long Unique, decimal Revenue, long WithoutRevenue);
}
