using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>Works out the result of an experiment.</summary>
internal sealed class ExperimentResult
{
    private const long Day = 86_400;
    private const int DaysOfTraffic = 7;

    private readonly ExperimentQuestion _question;
    private readonly ExperimentData _data;
    private readonly VariationNames _names;

    private ExperimentResult(ExperimentQuestion question, ExperimentData data, VariationNames names) => (_question, _data, _names) = (question, data, names);

    /// <summary>Reads and calculates; null when no event of the experience was ever received.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="stored">The experience, where this server knows it.</param>
    /// <param name="shares">The shares in force, by the variations that were seen.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="UnknownValueException">The baseline or the audience was never seen.</exception>
    public static ExperimentAnswer? Read(
        DuckDBConnection connection,
        ExperimentQuestion question,
        StoredExperience? stored,
        Func<IReadOnlyList<string>, SharesInForce> shares,
        CancellationToken stop)
    {
        var environment = ReportSql.EnvironmentNumber(connection, question.EnvironmentId);
        var contexts = ExperienceContexts.Read(connection, environment, question.ExperienceId);
        if (contexts.All.Count == 0)
        {
            return null;
        }

        var names = new VariationNames(stored);
        if (question.AudienceId is { } audience && contexts.All.All(context => context.AudienceId != audience) && !names.HasAudience(audience))
        {
            throw new UnknownValueException("audience", audience, [.. contexts.All.Select(static context => context.AudienceId).Distinct()]);
        }

        var data = ExperimentData.Read(connection, question, contexts, names.Has, stop);
        var ratio = SampleRatioCheck.Run(
            connection,
            data.Customers,
            shares(data.Customers.Variations),
            open => Sdks.Read(open, data.Customers, contexts, question.Range.FromSeconds, question.Range.ToSeconds, stop));
        var name = contexts.All.MaxBy(static context => context.Number)!.ExperienceName;
        return new ExperimentResult(question, data, names).Answer(new ExperienceName(question.ExperienceId, name), ratio, AsOf.Read(connection));
    }

    private ExperimentAnswer Answer(ExperienceName experience, SampleRatioResult ratio, AsOf asOf)
    {
        var variations = _data.Customers.Variations;
        var baseline = _question.Baseline is { } asked ? variations.IndexOf(asked) : variations.Count > 0 ? 0 : -1;
        if (_question.Baseline is { } unknown && baseline < 0)
        {
            throw new UnknownValueException("baseline", unknown, variations);
        }

        var kind = _question.Metric.Kind();
        var sums = _data.Sums(out var cap);
        var cuped = _question.CovariateDays is null ? null : CovariateAdjustment.Of(sums, kind);
        IReadOnlyList<Moments> moments = cuped?.Moments ?? [.. sums.Select(one => one.Moments(kind))];
        var population = Population();
        var shared = MultipleComparisons.Share(_question.Options.Alpha, Math.Max(1, variations.Count - 1));
        var goal = _question.Metric.AsksGoal() ? _question.Goals!.Goals[_question.Goal] : null;
        return new ExperimentAnswer
        {
            Experience = experience,
            From = _question.Range.From,
            To = _question.Range.To,
            TimeZone = _question.Range.Zone.Id,
            Metric = _question.Metric.Name(),
            Goal = goal?.Name,
            Attribution = goal is null ? null : new AttributionAnswer(_question.Attribution.Name(), _question.Goals!.WindowHours),
            Currency = _question.Metric == ExperimentMetric.RevenuePerUser ? _question.Currency : null,
            Audience = _question.AudienceId,
            Method = _question.Options.Method.ToString().ToLowerInvariant(),
            Difference = _question.Options.Difference.ToString().ToLowerInvariant(),
            Alpha = _question.Options.Alpha,
            Correction = _question.ControlsDiscoveries ? "benjamini_hochberg" : "holm",
            IntervalAlpha = shared.Alpha,
            Baseline = baseline < 0 ? null : variations[baseline],
            AsOf = asOf,
            Population = population,
            Warnings = [.. Warnings(ratio, population)],
            SampleRatio = ratio,
            Variations = [.. variations.Select((id, place) => Variation(id, sums[place], moments[place]))],
            Comparisons = baseline < 0 ? [] : Compare(variations, baseline, moments, shared.Alpha, population, goal),
            WinsorisedAt = cap,
            Cuped = cuped is null ? null : new CupedAnswer(_question.CovariateDays!.Value, cuped.Theta, cuped.VarianceRemoved, cuped.Reason),
        };
    }

    private ExperimentVariation Variation(string id, MetricSums sums, Moments moments)
    {
        var isKnown = moments.Count > 0 && double.IsFinite(moments.Mean) && double.IsFinite(moments.Variance);
        return new ExperimentVariation(
            id, _names.Of(id), sums.Count, Math.Round(sums.Sum, Amount.Decimals), isKnown ? moments.Mean : null, isKnown && moments.Count > 1 ? Math.Sqrt(moments.SquaredError) : null)
        {
            Denominator = _question.Metric.Kind() == MetricKind.Ratio ? sums.DenominatorSum : null,
        };
    }

    private List<ExperimentComparison> Compare(
        List<string> variations, int baseline, IReadOnlyList<Moments> moments, double intervalAlpha, ExperimentPopulation population, Goal? goal)
    {
        var others = Enumerable.Range(0, variations.Count).Where(place => place != baseline).ToList();
        var options = _question.Options with { Alpha = intervalAlpha };
        var comparisons = others.ConvertAll(place => Comparison.Of(moments[baseline], moments[place], options));
        List<double?> values = comparisons.ConvertAll(static one => one.PValue);
        var adjusted = _question.ControlsDiscoveries ? MultipleComparisons.BenjaminiHochberg(values) : MultipleComparisons.Holm(values);
        var metric = _question.Metric.Words(goal?.Name, _question.Currency);
        return [.. others.Select((place, index) => Compare(
            variations[place], _names.Of(variations[baseline]), metric, comparisons[index], adjusted[index], moments[baseline].Count + moments[place].Count, population, intervalAlpha))];
    }

    private ExperimentComparison Compare(
        string id, string baseline, string metric, Comparison comparison, double? adjusted, long customers, ExperimentPopulation population, double intervalAlpha)
    {
        var verdict = Verdict(comparison, adjusted);
        var effect = comparison.Trouble is null ? Power.MinimalDetectableEffect(comparison.StandardError!.Value, intervalAlpha) : (double?)null;
        var perDay = population.Analysed == 0 ? 0 : population.NewPerDay * customers / population.Analysed;
        var days = comparison is { Trouble: null, Difference: not 0 } && verdict == ExperimentVerdict.NotDistinguishable
            ? Power.DaysToGo(customers, comparison.StandardError!.Value, Math.Abs(comparison.Difference!.Value), perDay, intervalAlpha)
            : null;
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

    private string Verdict(Comparison comparison, double? adjusted)
    {
        if (comparison.Trouble is not null)
        {
            return ExperimentVerdict.NotComparable;
        }

        var isSure = adjusted is { } p ? p < _question.Options.Alpha : comparison.Low > 0 || comparison.High < 0;
        return !isSure ? ExperimentVerdict.NotDistinguishable : comparison.Difference > 0 ? ExperimentVerdict.Better : ExperimentVerdict.Worse;
    }

    private ExperimentPopulation Population()
    {
        long exposed = 0, analysed = 0, several = 0, open = 0, lately = 0;
        var first = long.MaxValue;
        var since = _question.Until - (DaysOfTraffic * Day);
        foreach (ref readonly var customer in _data.Customers.All)
        {
            if (customer.Impressions == 0)
            {
                continue;
            }

            exposed++;
            first = Math.Min(first, customer.FirstTime);
            lately += customer.FirstTime >= since && customer.FirstTime < _question.Until ? 1 : 0;
            if (customer.SawSeveral)
            {
                several++;
            }
            else if (_data.IsWindowOpen(in customer))
            {
                open++;
            }
            else
            {
                analysed++;
            }
        }

        var days = exposed == 0 ? 1 : Math.Clamp((_question.Until - first) / (double)Day, 1.0 / 24, DaysOfTraffic);
        return new ExperimentPopulation(exposed, analysed, several, open, lately / days);
    }

    private IEnumerable<string> Warnings(SampleRatioResult ratio, ExperimentPopulation population)
    {
        if (ratio.PValue < SampleRatio.Threshold)
        {
            var where = ratio.Located.Count == 0 ? "" : $" The imbalance is where {ratio.Located[0].Dimension} is '{ratio.Located[0].Value}'.";
            yield return $"Sample ratio mismatch: customers are not spread over the variations by the shares in force (p = {ratio.PValue.Value:0.0e+0}). The differences below may come of that.{where}";
        }

        if (ratio.CustomersWithoutShare > 0)
        {
            yield return $"{ratio.CustomersWithoutShare:N0} customers were first shown a variation that had no share then; a client shows what it was not given, or keeps it for too long.";
        }

        if (population.InSeveralVariations > 0)
        {
            yield return $"{population.InSeveralVariations:N0} customers were shown several variations and count in none.";
        }

        if (_data.Customers.LeftOut > 0)
        {
            yield return $"{_data.Customers.LeftOut:N0} variations that clients reported are none of the experience's, and are left out.";
        }

        if (_data.OtherCurrencies.Count > 0)
        {
            yield return $"Revenue in {string.Join(", ", _data.OtherCurrencies.Select(static one => one ?? "no currency that was named"))} is not counted.";
        }
    }
}

/// <summary>A variation or an audience that the experience was never reported with.</summary>
public sealed class UnknownValueException(string parameter, string value, IReadOnlyList<string> known) : Exception(known.Count == 0
    ? $"{parameter}: the experience was reported with no '{value}', nor with any other."
    : $"{parameter}: the experience was never reported with '{value}'; there are {string.Join(", ", known.Take(Named))}{(known.Count > Named ? $" and {known.Count - Named:N0} more" : "")}.")
{
    private const int Named = 20;
}
