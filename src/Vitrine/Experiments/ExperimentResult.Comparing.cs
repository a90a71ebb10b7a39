using Vitrine.Conversions;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <content>The comparisons of the variations with the baseline.</content>
internal sealed partial class ExperimentResult
{
    private List<Pair> Pairs(IReadOnlyList<IReadOnlyList<Moments>> groups, int baseline)
    {
        var pairs = new List<Pair>();
        for (var place = 0; place < groups.Count; place++)
        {
            if (place != baseline)
            {
                var (first, second, leftOut) = Strata.Pair(groups[baseline], groups[place]);
                var areThere = groups[baseline].Sum(static one => one.Count) > 1 && groups[place].Sum(static one => one.Count) > 1;
                pairs.Add(new Pair(place, first, second, areThere && first.Count == 0 && _strata.Count > 1));
                _leftOut = Math.Max(_leftOut, leftOut);
            }
        }

        return pairs;
    }

    private List<ExperimentComparison> Compare(
        List<string> variations, int baseline, List<Pair> pairs, double intervalAlpha, ExperimentPopulation population, Goal? goal)
    {
        var options = _question.Options with { Alpha = intervalAlpha };
        var comparisons = pairs.ConvertAll(pair => pair.Of(options));
        List<double?> values = comparisons.ConvertAll(static one => one.PValue);
        var adjusted = _question.ControlsDiscoveries ? MultipleComparisons.BenjaminiHochberg(values) : MultipleComparisons.Holm(values);
        var metric = _question.Metric.Words(goal?.Name, _question.Currency);
        return [.. pairs.Select((pair, index) => Compare(
            variations[pair.Place], _names.Of(variations[baseline]), metric, comparisons[index], adjusted[index], pair.Baseline.Count + pair.Treatment.Count, population, intervalAlpha))];
    }

    private ExperimentComparison Compare(
        string id, string baseline, string metric, Comparison comparison, double? adjusted, long customers, ExperimentPopulation population, double intervalAlpha)
    {
        var verdict = Verdict(comparison, adjusted);
        var (effect, days) = comparison.Trouble is null && _question.Options.Prior is null
            ? Outlook(comparison, verdict, customers, population, intervalAlpha)
            : default;
        return new ExperimentComparison
        {
            Variation = id,
            Sentence = ExperimentSentence.Of(_question, _names.Of(id), baseline, metric, comparison, adjusted, verdict, days),
            Verdict = verdict,
            Difference = comparison.Difference,
            Interval = comparison is { Low: { } low, High: { } high } ? [low, high] : null,
            StandardError = comparison.StandardError,
            PValue = comparison.PValue,
            AdjustedPValue = adjusted,
            ChanceToWin = comparison.ChanceToWin,
            ExpectedLoss = comparison.ExpectedLoss,
            MinimalDetectableEffect = effect,
            DaysToGo = days,
            Reason = comparison.Trouble?.Name(),
        };
    }

    /// <summary>The smallest effect that is seen with so many customers, and how long one as large as the present one takes, by the method that was asked for.</summary>
    private (double Effect, double? Days) Outlook(Comparison comparison, string verdict, long customers, ExperimentPopulation population, double alpha)
    {
        var (error, tuning, isSequence) = (comparison.StandardError!.Value, _question.Options.Tuning, _question.Options.Method == ComparisonMethod.Sequential);
        var effect = isSequence ? Power.MinimalDetectableEffectOfSequence(customers, error, alpha, tuning) : Power.MinimalDetectableEffect(error, alpha);
        if (_question.IsOver || _isLate || verdict != ExperimentVerdict.NotDistinguishable || comparison.Difference is not { } difference || difference == 0)
        {
            return (effect, null);
        }

        // Who saw several counts in none, and will not count tomorrow.
        var counted = (population.Exposed - population.InSeveralVariations) / (double)population.Exposed;
        var perDay = population.NewPerDay * counted * customers / population.Analysed;
        return (effect, isSequence
            ? Power.DaysToGoOfSequence(customers, error, Math.Abs(difference), perDay, alpha, tuning)
            : Power.DaysToGo(customers, error, Math.Abs(difference), perDay, alpha));
    }

    private string Verdict(Comparison comparison, double? adjusted)
    {
        if (comparison.Trouble is not null)
        {
            return ExperimentVerdict.NotComparable;
        }

        var isSure = adjusted is { } p ? p < _question.Options.Alpha : comparison.Low > 0 || comparison.High < 0;
        return !isSure ? ExperimentVerdict.NotDistinguishable : comparison.Difference > 0 ? ExperimentVerdict.Better : ExperimentVerdict.Worse;
    }

    /// <summary>Two variations that are compared.</summary>
    /// <param name="Place">Of the treatment.</param>
    /// <param name="Baseline">The baseline's moments.</param>
    /// <param name="Treatment">The treatment's.</param>
    /// <param name="AreApart">Whether no group had both.</param>
    private sealed record Pair(int Place, Moments Baseline, Moments Treatment, bool AreApart)
    {
        public Comparison Of(ComparisonOptions options) => AreApart
            ? new Comparison(null, null, null, null) { Trouble = ComparisonTrouble.NeverTogether }
            : Comparison.Of(Baseline, Treatment, options);
    }
}
