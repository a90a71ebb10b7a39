using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Reports.Pages;

namespace Vitrine.Reports;

/// <summary>What is asked about one experience.</summary>
/// <param name="EnvironmentId">Whose experience.</param>
/// <param name="ExperienceId">The part of its cids before the first underscore.</param>
/// <param name="Range">The stretch of time.</param>
/// <param name="By">What it is broken down by.</param>
/// <param name="Scale">The width of the buckets; null: no buckets.</param>
internal sealed record ExperienceQuestion(
    string EnvironmentId, string ExperienceId, ReportRange Range, IReadOnlyList<ReportDimension> By, ReportScale? Scale)
{
    /// <summary>What it is to bring about; null where nothing is known of that.</summary>
    public ExperienceGoals? Goals { get; init; }

    /// <summary>What goal events count for.</summary>
    public AttributionModel Attribution { get; init; }
}

/// <summary>The figures of one experience.</summary>
/// <param name="Name">The name it was last reported under, or delivered where it never was reported.</param>
/// <param name="AsOf">Up to where the report is complete.</param>
/// <param name="RawFrom">From when on single events are kept, in Unix seconds; null: all of them are.</param>
/// <param name="Total">Everything in the range.</param>
/// <param name="Groups">One for each combination of the dimensions that occurs; without dimensions exactly one.</param>
public sealed record ExperienceAnswer(string Name, AsOf AsOf, long? RawFrom, Figures Total, IReadOnlyList<ReportGroup> Groups);

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
public sealed class ReportTooLargeException() : Exception(
    $"The report would have more than {ReportRow.Maximum:N0} groups and buckets. Ask for a shorter range, fewer dimensions or a wider scale.");

/// <summary>Answers a question about one experience from the projection.</summary>
internal static class ExperienceReport
{
    /// <summary>Reads the report; null when the experience was never reported nor delivered.</summary>
    public static ExperienceAnswer? Read(DuckDBConnection connection, ExperienceQuestion question, PageReader pages, CancellationToken stop) =>
        Read(connection, [question], pages, stop)?[0];

    /// <summary>Reads reports that differ only in what they are broken down by, all as of the same moment.</summary>
    public static IReadOnlyList<ExperienceAnswer>? Read(
        DuckDBConnection connection, IReadOnlyList<ExperienceQuestion> questions, PageReader pages, CancellationToken stop)
    {
        var hasEvents = Name(connection, questions[0]) is not null;
        if (!hasEvents && DeliveryRows.Name(connection, questions[0]) is null)
        {
            return null; // Before any page is made for it.
        }

        var events = hasEvents ? ReadEvents(connection, questions, pages) : [.. questions.Select(static _ => new List<ReportRow>())];
        var name = Name(connection, questions[0]) ?? DeliveryRows.Name(connection, questions[0])!;
        var asOf = AsOf.Read(connection);
        var rawFrom = ReportSql.RawFrom(connection, ReportSql.EnvironmentNumber(connection, questions[0].EnvironmentId));
        return [.. questions.Zip(events, (question, ofEvents) =>
        {
            var rows = DeliveryRows.Into(rawFrom is null ? ofEvents : HourlyRows.Into(ofEvents, connection, question), connection, question);
            if (hasEvents && question.Goals is { } goals)
            {
                rows = ConversionRows.Into(rows, connection, question, goals, rawFrom, stop);
                rows = rawFrom is null ? rows : HourlyConversionRows.Into(rows, connection, question, goals);
            }

            var total = rows.First(static row => !row.IsGroup && !row.IsBucket).Figures;
            return new ExperienceAnswer(name, asOf, rawFrom, total, Groups(rows, question, total));
        })];
    }

    private static IReadOnlyList<List<ReportRow>> ReadEvents(DuckDBConnection connection, IReadOnlyList<ExperienceQuestion> questions, PageReader pages)
    {
        var question = questions[0];
        var buckets = new TimeBuckets(question.Scale ?? ReportScale.Day, question.Range.Zone);
        return pages.Read<IReadOnlyList<List<ReportRow>>>(
            connection,
            question.EnvironmentId,
            question.ExperienceId,
            question.Range,
            buckets,
            (ofRange, stop) => [.. questions.Select(one => PagedExperience.Read(connection, one, ofRange, stop))])
            ?? [.. questions.Select(one => ExperienceRows.Read(connection, one))];
    }

    private static string? Name(DuckDBConnection connection, ExperienceQuestion question)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT arg_max(experience, context) FROM contexts WHERE environment = $environment AND experience_id = $experience",
            ("environment", ReportSql.EnvironmentNumber(connection, question.EnvironmentId)),
            ("experience", question.ExperienceId));
        return command.ExecuteScalar() as string;
    }

    private static List<ReportGroup> Groups(IReadOnlyList<ReportRow> rows, ExperienceQuestion question, Figures total)
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
