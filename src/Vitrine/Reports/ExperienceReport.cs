using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>What is asked about one experience.</summary>
public sealed record ExperienceQuestion(
    string EnvironmentId, string ExperienceId, ReportRange Range, IReadOnlyList<ReportDimension> By, ReportScale? Scale);

/// <summary>The figures of one experience.</summary>
/// <param name="Name">The name it was last reported under.</param>
/// <param name="AsOf">Up to where the report is complete.</param>
/// <param name="Total">Everything in the range.</param>
/// <param name="Groups">One for each combination of the dimensions that occurs; without dimensions exactly one.</param>
public sealed record ExperienceAnswer(string Name, AsOf AsOf, Figures Total, IReadOnlyList<ReportGroup> Groups);

/// <summary>One group of a report.</summary>
/// <param name="Values">The value of each dimension; null where an event has none.</param>
/// <param name="Total">The group's figures over the whole range.</param>
/// <param name="Buckets">Its figures in each bucket in which anything happened, in order; empty without a scale.</param>
public sealed record ReportGroup(IReadOnlyList<string?> Values, Figures Total, IReadOnlyList<ReportBucket> Buckets);

/// <summary>The figures of a stretch of time.</summary>
/// <param name="Start">Its beginning in the report's zone.</param>
/// <param name="Figures">The figures.</param>
public sealed record ReportBucket(string Start, Figures Figures);

/// <summary>The answer to a question would be larger than an answer may be.</summary>
public sealed class ReportTooLargeException(string message) : Exception(message);

/// <summary>Answers a question about one experience from the projection.</summary>
internal static class ExperienceReport
{
    private const int MaximumRows = 100_000;

    /// <summary>Reads the report; null when the experience was never reported.</summary>
    public static ExperienceAnswer? Read(DuckDBConnection connection, ExperienceQuestion question)
    {
        var environment = ReportSql.EnvironmentNumber(connection, question.EnvironmentId);
        if (Name(connection, environment, question.ExperienceId) is not { } name)
        {
            return null;
        }

        var rows = ReadRows(connection, environment, question);
        var total = rows.FirstOrDefault(static row => !row.IsGroup && !row.IsBucket)?.Figures ?? Figures.None;
        return new ExperienceAnswer(name, ReportSql.AsOf(connection), total, Groups(rows, question, total));
    }

    private static string? Name(DuckDBConnection connection, int environment, string experienceId)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT arg_max(experience, context) FROM contexts WHERE environment = $environment AND experience_id = $experience",
            ("environment", environment),
            ("experience", experienceId));
        return command.ExecuteScalar() as string;
    }

    private static List<Row> ReadRows(DuckDBConnection connection, int environment, ExperienceQuestion question)
    {
        var buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        using var command = ReportSql.Command(
            connection,
            Sql(connection, question, buckets),
            ("environment", environment),
            ("experience", question.ExperienceId),
            ("from", question.Range.FromSeconds),
            ("to", question.Range.ToSeconds));
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            var column = question.By.Count;
            rows.Add(new Row(
                [.. Enumerable.Range(0, column).Select(index => reader.IsDBNull(index) ? null : reader.GetString(index))],
                reader.GetBoolean(column),
                reader.GetBoolean(column + 1),
                reader.IsDBNull(column + 2) ? 0 : reader.GetInt64(column + 2),
                new Figures(
                    reader.GetInt64(column + 3), reader.GetInt64(column + 4), reader.GetInt64(column + 5), reader.GetInt64(column + 6))));
        }

        return rows.Count <= MaximumRows
            ? rows
            : throw new ReportTooLargeException(
                $"The report would have more than {MaximumRows:N0} groups and buckets. Ask for a shorter range, fewer dimensions or a wider scale.");
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

        var (from, to) = Extent(connection, question.Range);
        return ReportSql.Read("ExperienceReport")
            .Replace("{columns}", names.Count > 0 ? dimensions + "," : "", StringComparison.Ordinal)
            .Replace("grouping({last_dimension}) = 0", names.Count > 0 ? $"grouping({names[^1]}) = 0" : "false", StringComparison.Ordinal)
            .Replace("grouping(bucket) = 0", buckets is null ? "false" : "grouping(bucket) = 0", StringComparison.Ordinal)
            .Replace("  bucket,", buckets is null ? "  CAST(NULL AS BIGINT)," : "  CAST(bucket AS BIGINT),", StringComparison.Ordinal)
            .Replace("{dimensions}", string.Concat(question.By.Select(static (dimension, index) => $"{dimension.Sql} AS d{index}, ")), StringComparison.Ordinal)
            .Replace("{bucket}", buckets?.Expression("e.event_time", from, to) ?? "0", StringComparison.Ordinal)
            .Replace("{limit}", (MaximumRows + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{sets}", string.Join(", ", sets), StringComparison.Ordinal);
    }

    /// <summary>The part of the range in which there are events, so that a long range does not drag in centuries of clock changes.</summary>
    private static (long From, long To) Extent(DuckDBConnection connection, ReportRange range)
    {
        using var command = ReportSql.Command(connection, "SELECT min(event_time), max(event_time) + 1 FROM events");
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0)
            ? (Math.Max(range.FromSeconds, reader.GetInt64(0)), Math.Min(range.ToSeconds, reader.GetInt64(1)))
            : (0, 1);
    }

    private static List<ReportGroup> Groups(List<Row> rows, ExperienceQuestion question, Figures total)
    {
        var buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        var byGroup = rows
            .Where(static row => row.IsBucket)
            .OrderBy(static row => row.Bucket)
            .ToLookup(static row => row.Key, row => new ReportBucket(Timestamps.InZone(buckets!.Start(row.Bucket)), row.Figures));
        if (question.By.Count == 0)
        {
            return [new ReportGroup([], total, [.. byGroup.SelectMany(static group => group)])];
        }

        return [.. rows
            .Where(static row => row.IsGroup && !row.IsBucket)
            .OrderBy(static row => row.Values, ValuesComparer.Instance)
            .Select(row => new ReportGroup(row.Values, row.Figures, [.. byGroup[row.Key]]))];
    }

    private sealed record Row(string?[] Values, bool IsGroup, bool IsBucket, long Bucket, Figures Figures)
    {
        /// <summary>The values as one text that two different lists never share.</summary>
        public string Key => string.Concat(Values.Select(static value =>
            value is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{value.Length}:{value};")));
    }

    /// <summary>Orders groups value by value, ordinally, those without a value last.</summary>
    private sealed class ValuesComparer : IComparer<string?[]>
    {
        public static ValuesComparer Instance { get; } = new();

        public int Compare(string?[]? x, string?[]? y)
        {
            for (var index = 0; index < x!.Length; index++)
            {
                var (left, right) = (x[index], y![index]);
                var order = left is null ? (right is null ? 0 : 1) : right is null ? -1 : string.CompareOrdinal(left, right);
                if (order != 0)
                {
                    return order;
                }
            }

            return 0;
        }
    }
}
