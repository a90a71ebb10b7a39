using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Puts how often an experience was delivered beside its figures.</summary>
/// <remarks>
/// A delivery has a variation and an audience, but neither a platform nor a locale nor a click target: where the report
/// is broken down by one of these, only the whole says how often.
/// </remarks>
internal static class DeliveryRows
{
    /// <summary>The name that the experience was last delivered under; null when it never was.</summary>
    public static string? Name(DuckDBConnection connection, ExperienceQuestion question)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT last(experience ORDER BY hour, version) FROM deliveries WHERE environment = $environment AND experience_id = $experience",
            ("environment", ReportSql.EnvironmentNumber(connection, question.EnvironmentId)),
            ("experience", question.ExperienceId));
        return command.ExecuteScalar() as string;
    }

    /// <summary>The rows with deliveries, and with those groups and buckets in which there was nothing else.</summary>
    /// <exception cref="ReportTooLargeException">There are more of them than an answer may have.</exception>
    public static List<ReportRow> Into(IReadOnlyList<ReportRow> rows, DuckDBConnection connection, ExperienceQuestion question)
    {
        var isWhole = question.By.Any(static dimension => dimension.OfDeliveries is null);
        var delivered = Sum(Read(connection, isWhole ? question with { By = [], Scale = null } : question), question, isWhole);
        var all = new List<ReportRow>(rows.Count);
        foreach (var row in rows)
        {
            var isKnown = delivered.Remove(row.Place, out var found);
            long? here = isKnown ? found!.Delivered : isWhole && (row.IsGroup || row.IsBucket) ? null : 0;
            all.Add(row with { Figures = row.Figures with { Delivered = here } });
        }

        all.AddRange(delivered.Values.Select(static one => one.Row with { Figures = Figures.None with { Delivered = one.Delivered } }));
        return all.Count <= ReportRow.Maximum ? all : throw new ReportTooLargeException();
    }

    /// <summary>Adds each count to its bucket, its group and the whole.</summary>
    private static Dictionary<ReportPlace, Sums> Sum(
        List<(string?[] Values, long Bucket, long Delivered)> counts, ExperienceQuestion question, bool isWhole)
    {
        var whole = ReportPlace.Of([], 0, hasGroups: false, hasBuckets: false).Single();
        var sums = new Dictionary<ReportPlace, Sums> { [whole.Place] = new Sums(whole) }; // Told where nothing was delivered too.
        foreach (var (values, bucket, delivered) in counts)
        {
            foreach (var row in ReportPlace.Of(values, bucket, !isWhole && question.By.Count > 0, !isWhole && question.Scale is not null))
            {
                if (!sums.TryGetValue(row.Place, out var sum))
                {
                    sums.Add(row.Place, sum = new Sums(row));
                }

                sum.Delivered += delivered;
            }
        }

        return sums;
    }

    private static List<(string?[] Values, long Bucket, long Delivered)> Read(DuckDBConnection connection, ExperienceQuestion question)
    {
        var buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        var (from, to) = ReportSql.Extent(connection, question.Range, "SELECT min(hour) * 3600, max(hour) * 3600 + 1 FROM deliveries");
        var sql = ReportSql.Read("Deliveries")
            .Replace("{dimensions}", string.Concat(question.By.Select(static dimension => $"{dimension.OfDeliveries}, ")), StringComparison.Ordinal)
            .Replace("{bucket}", buckets?.Expression("(hour * 3600)", from, to) ?? "0", StringComparison.Ordinal)
            .Replace("{limit}", (ReportRow.Maximum + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var command = ReportSql.Command(
            connection,
            sql,
            ("environment", ReportSql.EnvironmentNumber(connection, question.EnvironmentId)),
            ("experience", question.ExperienceId),
            ("from", question.Range.FromSeconds),
            ("to", question.Range.ToSeconds));
        using var reader = command.ExecuteReader();
        var counts = new List<(string?[], long, long)>();
        while (reader.Read())
        {
            var column = question.By.Count;
            counts.Add(([.. Enumerable.Range(0, column).Select(reader.GetString)], reader.GetInt64(column), reader.GetInt64(column + 1)));
        }

        return counts.Count <= ReportRow.Maximum ? counts : throw new ReportTooLargeException();
    }

    private sealed class Sums(ReportRow row)
    {
        public ReportRow Row { get; } = row;

        public long Delivered { get; set; }
    }
}
