using System.Globalization;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>Says of a comparison in one sentence what can be said, and no more.</summary>
internal static class ExperimentSentence
{
    private const double Year = 365;

    /// <summary>The sentence.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="variation">What people call the variation.</param>
    /// <param name="baseline">What people call the baseline.</param>
    /// <param name="metric">What people call the metric.</param>
    /// <param name="comparison">What was calculated.</param>
    /// <param name="adjusted">The corrected p-value.</param>
    /// <param name="verdict">What it allows to conclude.</param>
    /// <param name="daysToGo">How long it takes to see a difference of this size; null where nobody can tell.</param>
    public static string Of(
        ExperimentQuestion question, string variation, string baseline, string metric, Comparison comparison, double? adjusted, string verdict, double? daysToGo)
    {
        if (comparison.Trouble is { } trouble)
        {
            return $"{variation} cannot be compared with {baseline} by {metric}: {trouble.Sentence()}";
        }

        var difference = comparison.Difference!.Value;
        var amount = Amount(question, Math.Abs(difference));
        var does = !amount.Any(static digit => digit is >= '1' and <= '9') ? $"hardly changes {metric}" : $"{(difference > 0 ? "raises" : "lowers")} {metric} by {amount}";
        return $"{variation} {does} ({Signed(question, comparison.Low!.Value)} to {Signed(question, comparison.High!.Value)}) against {baseline}: "
            + Conclusion(question, comparison, adjusted, verdict, daysToGo);
    }

    private static string Conclusion(ExperimentQuestion question, Comparison comparison, double? adjusted, string verdict, double? daysToGo)
    {
        if (comparison.ChanceToWin is { } chance)
        {
            return $"the chance that it is better is {Number(100 * chance, 1)} %, and choosing it is expected to cost {Amount(question, comparison.ExpectedLoss!.Value)}.";
        }

        if (verdict is ExperimentVerdict.Better or ExperimentVerdict.Worse)
        {
            return adjusted < 0.0001 ? "hardly by chance (p < 0.0001)."
                : adjusted > 0.1 ? $"a difference by the large chance of error that you accept (p = {Number(adjusted.Value, 4)})."
                : $"hardly by chance (p = {Number(adjusted!.Value, 4)}).";
        }

        return question.IsOver ? "not distinguishable from no effect in this time." : "not yet distinguishable from no effect" + daysToGo switch
        {
            null => "; at the present traffic nobody can say for how long.",
            <= 0 => ".",
            > Year => "; more than another year at the present traffic.",
            <= 1 => "; about 1 more day.",
            _ => $"; about {Number(Math.Ceiling(daysToGo.Value), 0)} more days.",
        };
    }

    /// <summary>Rates are told in points, other means as they are, and relative differences in per cent.</summary>
    private static string Amount(ExperimentQuestion question, double amount) =>
        question.Options.Difference == DifferenceKind.Relative ? $"{Number(100 * amount, 2)} %"
        : question.Metric.IsRate() ? $"{Number(100 * amount, 2)} points"
        : Number(amount, Math.Abs(amount) >= 100 ? 2 : 4);

    private static string Signed(ExperimentQuestion question, double amount)
    {
        var scaled = question.Options.Difference == DifferenceKind.Relative || question.Metric.IsRate() ? 100 * amount : amount;
        var text = Number(Math.Abs(scaled), question.Options.Difference == DifferenceKind.Relative || question.Metric.IsRate() || Math.Abs(scaled) >= 100 ? 2 : 4);
        return (!text.Any(static digit => digit is >= '1' and <= '9') ? "" : amount < 0 ? "−" : "+") + text;
    }

    private static string Number(double number, int decimals) => number.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>The conclusions that figures allow.</summary>
internal static class ExperimentVerdict
{
    /// <summary>The variation is better.</summary>
    public const string Better = "better";

    /// <summary>The baseline is.</summary>
    public const string Worse = "worse";

    /// <summary>Nobody can tell which is.</summary>
    public const string NotDistinguishable = "not_distinguishable";

    /// <summary>There is nothing to compare.</summary>
    public const string NotComparable = "not_comparable";
}
