using System.Globalization;

namespace Vitrine.Reports;

/// <summary>The figures of one group, of one of its buckets, or of the whole.</summary>
/// <param name="Values">The values of the dimensions; of the whole they mean nothing.</param>
/// <param name="IsGroup">Whether it is about one group.</param>
/// <param name="IsBucket">Whether it is about one bucket.</param>
/// <param name="Bucket">The bucket's number.</param>
/// <param name="Figures">The figures.</param>
internal sealed record ReportRow(string?[] Values, bool IsGroup, bool IsBucket, long Bucket, Figures Figures)
{
    /// <summary>How many of them a report may have.</summary>
    public const int Maximum = 100_000;

    /// <summary>What it is about. The values of the whole mean nothing.</summary>
    public ReportPlace Place => new(IsGroup ? Key : "", IsGroup, IsBucket, IsBucket ? Bucket : 0);

    /// <summary>The values as one text that two different lists never share.</summary>
    public string Key => KeyOf(Values);

    /// <summary>Values as one text that two different lists never share.</summary>
    public static string KeyOf(IEnumerable<string?> values) => string.Concat(values.Select(static value =>
        value is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{value.Length}:{value};")));
}

/// <summary>What a row of a report is about: the whole, a group, or a bucket of one of these.</summary>
/// <param name="Group">The values of its dimensions as one text.</param>
/// <param name="IsGroup">Whether it is about one group.</param>
/// <param name="IsBucket">Whether it is about one bucket.</param>
/// <param name="Bucket">The bucket's number.</param>
internal readonly record struct ReportPlace(string Group, bool IsGroup, bool IsBucket, long Bucket)
{
    /// <summary>The rows that something counts in: the whole, its group where there are groups, and its bucket where there are buckets; without figures.</summary>
    public static IEnumerable<ReportRow> Of(string?[] values, long bucket, bool hasGroups, bool hasBuckets)
    {
        yield return new ReportRow([], IsGroup: false, IsBucket: false, 0, Figures.None);
        if (hasGroups)
        {
            yield return new ReportRow(values, IsGroup: true, IsBucket: false, 0, Figures.None);
        }

        if (hasBuckets)
        {
            yield return new ReportRow(values, hasGroups, IsBucket: true, bucket, Figures.None);
        }
    }
}
