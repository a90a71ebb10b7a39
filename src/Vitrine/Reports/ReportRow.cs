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

    /// <summary>The values as one text that two different lists never share.</summary>
    public string Key => KeyOf(Values);

    /// <summary>Values as one text that two different lists never share.</summary>
    public static string KeyOf(IEnumerable<string?> values) => string.Concat(values.Select(static value =>
        value is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{value.Length}:{value};")));
}
