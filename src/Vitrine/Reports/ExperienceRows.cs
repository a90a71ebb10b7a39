using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Counts an experience's figures from the events themselves.</summary>
internal static class ExperienceRows
{
    /// <summary>The rows of the answer.</summary>
    /// <exception cref="ReportTooLargeException">There are more of them than an answer may have.</exception>
    public static List<ReportRow> Read(DuckDBConnection connection, ExperienceQuestion question)
    {
        var buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        using var command = ReportSql.Command(
            connection,
            Sql(connection, question, buckets),
            ("environment", ReportSql.EnvironmentNumber(connection, question.EnvironmentId)),
            ("experience", question.ExperienceId),
            ("from", question.Range.FromSeconds),
            ("to", question.Range.ToSeconds));
        using var reader = command.ExecuteReader();
        var rows = new List<ReportRow>();
        while (reader.Read())
        {
            var column = question.By.Count;
            rows.Add(new ReportRow(
                ReportSql.Texts(reader, column),
                reader.GetBoolean(column),
                reader.GetBoolean(column + 1),
                reader.IsDBNull(column + 2) ? 0 : reader.GetInt64(column + 2),
                new Figures(
                    reader.GetInt64(column + 3), reader.GetInt64(column + 4), reader.GetInt64(column + 5), reader.GetInt64(column + 6))));
        }

        return rows.Count <= ReportRow.Maximum ? rows : throw new ReportTooLargeException();
    }

    private static string Sql(DuckDBConnection connection, ExperienceQuestion question, TimeBuckets? buckets)
    {
        var names = Enumerable.Range(0, question.By.Count).Select(static index => $"d{index}").ToList();
        var dimensions = string.Join(", ", names);
        var sets = new List<string> { "()" };
        if (names.Count > 0)
        {
            sets.Add($"({dimensions})");
        }

        if (buckets is not null)
        {
            sets.Add(names.Count > 0 ? $"({dimensions}, bucket)" : "(bucket)");
        }

        var (from, to) = ReportSql.Extent(connection, question.Range, "SELECT min(event_time), max(event_time) + 1 FROM events");
        return ReportSql.Read("ExperienceReport")
            .Replace("{columns}", names.Count > 0 ? dimensions + "," : "", StringComparison.Ordinal)
            .Replace("grouping({last_dimension}) = 0", names.Count > 0 ? $"grouping({names[^1]}) = 0" : "false", StringComparison.Ordinal)
            .Replace("grouping(bucket) = 0", buckets is null ? "false" : "grouping(bucket) = 0", StringComparison.Ordinal)
            .Replace("  bucket,", buckets is null ? "  CAST(NULL AS BIGINT)," : "  CAST(bucket AS BIGINT),", StringComparison.Ordinal)
            .Replace("{dimensions}", string.Concat(question.By.Select(static (dimension, index) => $"{dimension.Sql} AS d{index}, ")), StringComparison.Ordinal)
            .Replace("{bucket}", buckets?.Expression("e.event_time", from, to) ?? "0", StringComparison.Ordinal)
            .Replace("{limit}", (ReportRow.Maximum + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{sets}", string.Join(", ", sets), StringComparison.Ordinal);
    }
}
