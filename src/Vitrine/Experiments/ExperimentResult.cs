using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>Works out the result of an experiment.</summary>
internal sealed partial class ExperimentResult
{
    private const long Day = 86_400;
    private const int DaysOfTraffic = 7;

    private readonly ExperimentQuestion _question;
    private readonly ExperimentData _data;
    private readonly VariationNames _names;
    private readonly Strata _strata;
    private readonly bool _isLate;
    private readonly bool _isCutOff;
    private long _leftOut;

    private ExperimentResult(ExperimentQuestion question, ExperimentData data, VariationNames names, Strata strata, bool isLate, bool isCutOff) =>
        (_question, _data, _names, _strata, _isLate, _isCutOff) = (question, data, names, strata, isLate || isCutOff, isCutOff);

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
        var isLate = question.Range.From is not null && WasShownBefore(connection, contexts, question.Range.FromSeconds);
        var isCutOff = IsCutOff(connection, environment, question);
        var inForce = shares(data.Customers.Variations);
        var ratio = SampleRatioCheck.Run(
            connection,
            data.Customers,
            inForce,
            open => Sdks.Read(open, data.Customers, contexts, question.Range.FromSeconds, question.Range.ToSeconds, stop));
        var name = contexts.All.MaxBy(static context => context.Number)!.ExperienceName;
        return new ExperimentResult(question, data, names, Strata.Of(data.Customers, inForce), isLate, isCutOff).Answer(new ExperienceName(question.ExperienceId, name), ratio, AsOf.Read(connection));
    }

    private static bool WasShownBefore(DuckDBConnection connection, ExperienceContexts contexts, long from)
    {
        using var rows = new ChunkReader(connection, string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"SELECT context FROM events WHERE environment = {contexts.Environment} AND action = 0 AND event_time < {from} AND {contexts.Sql("context")}"));
        while (rows.Read())
        {
            var numbers = rows.Column<int>(0);
            for (var row = 0; row < rows.Rows; row++)
            {
                if (contexts.PlaceOf(numbers[row]) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether it was shown in hours of which single events are not kept any more: who saw it then is not known.</summary>
    private static bool IsCutOff(DuckDBConnection connection, int environment, ExperimentQuestion question)
    {
        using var command = ReportSql.Command(
            connection,
            """
            SELECT EXISTS (
              FROM rolled_figures f JOIN contexts c ON c.context = f.context
              WHERE c.environment = $environment AND c.experience_id = $experience AND f.action = 0 AND f.starts_at < $to)
            """,
            ("environment", environment),
            ("experience", question.ExperienceId),
            ("to", question.Range.ToSeconds));
        return command.ExecuteScalar() is true;
    }

    private ExperimentAnswer Answer(ExperienceName experience, SampleRatioResult ratio, AsOf asOf)
    {
        var variations = _data.Customers.Variations;
        var kind = _question.Metric.Kind();
        var cells = _data.Sums(_strata, out var cap);
        MetricSums[] sums = [.. cells.Select(Whole)];
        var baseline = _question.Baseline is { } asked ? variations.IndexOf(asked) : FirstOf(variations, sums);
        if (_question.Baseline is { } unknown && baseline < 0)
        {
            throw new UnknownValueException("baseline", unknown, variations);
        }

        var cuped = _question.CovariateDays is null || _isLate ? null : CovariateAdjustment.Of([.. cells.SelectMany(static one => one)], kind);
        IReadOnlyList<IReadOnlyList<Moments>> groups = cuped is null
            ? [.. cells.Select(one => one.Select(sum => sum.Moments(kind)).ToList())]
            : [.. cuped.Moments.Chunk(_strata.Count)];
        IReadOnlyList<Moments> moments = _strata.Count == 1 ? [.. groups.Select(static one => one[0])] : [.. sums.Select(one => one.Moments(kind))];
        var population = Population();
        var pairs = baseline < 0 ? [] : Pairs(groups, baseline);
        var shared = MultipleComparisons.Share(_question.Options.Alpha, pairs.Count(pair => pair.Of(_question.Options).Trouble is null));
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
            Groups = _strata.Count,
            Warnings = [.. Warnings(ratio, population)],
            SampleRatio = ratio,
            Variations = [.. variations.Select((id, place) => Variation(id, sums[place], moments[place]))],
            Comparisons = Compare(variations, baseline, pairs, shared.Alpha, population, goal),
            WinsorisedAt = cap,
            Cuped = _isLate && _question.CovariateDays is { } days ? new CupedAnswer(days, 0, 0, "The experience was shown before the range, so what customers did then may come of it. Ask from its beginning.")
                : cuped is null ? null : new CupedAnswer(_question.CovariateDays!.Value, cuped.Theta, cuped.VarianceRemoved, cuped.Reason),
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

    /// <summary>The first variation that has customers, one of the experience's own before those that somebody else reported.</summary>
    private int FirstOf(List<string> variations, MetricSums[] sums)
    {
        var places = Enumerable.Range(0, variations.Count).ToList();
        return places.Where(place => sums[place].Count > 0).OrderBy(place => _names.Has(variations[place]) ? 0 : 1).Append(places.Count > 0 ? 0 : -1).First();
    }

    private static MetricSums Whole(MetricSums[] cells)
    {
        var whole = new MetricSums();
        foreach (var cell in cells)
        {
            whole.Add(cell);
        }

        return whole;
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

    /// <summary>Whether who saw several variations began more often with some of them than everybody did.</summary>
    private bool IsExclusionUneven()
    {
        var (exposed, several) = (new long[_data.Customers.Variations.Count], new long[_data.Customers.Variations.Count]);
        foreach (ref readonly var customer in _data.Customers.All)
        {
            if (customer.Impressions > 0)
            {
                var variation = _data.Customers.VariationOf[customer.FirstContext];
                exposed[variation]++;
                several[variation] += customer.SawSeveral ? 1 : 0;
            }
        }

        var (all, excluded) = (exposed.Sum(), several.Sum());
        return excluded > 0 && exposed.Count(static one => one > 0) > 1
            && SampleRatio.OfExpected(several, [.. exposed.Select(one => (double)excluded * one / all)]).IsMismatch;
    }

    private IEnumerable<string> Warnings(SampleRatioResult ratio, ExperimentPopulation population)
    {
        if (ratio.PValue < SampleRatio.Threshold)
        {
            var where = ratio.Located.Count == 0 ? ""
                : ratio.Located[0] is { DifferencePValue: null or < SampleRatio.Threshold, RestPValue: null or >= SampleRatio.Threshold } ? $" The imbalance is where {ratio.Located[0].Dimension} is '{ratio.Located[0].Value}'."
                : " The imbalance is in no one place.";
            var p = ratio.PValue < 1e-15 ? "p < 1e-15" : $"p = {ratio.PValue:0.0e+0}";
            yield return $"Sample ratio mismatch: customers are not spread over the variations by the shares in force ({p}). The differences below may come of that.{where}";
        }

        if (_isCutOff)
        {
            yield return "The experience was shown at a time of which only hourly figures are kept: who saw it then is not known, and counts as new where the experience was seen again. Keep single events for longer than experiments last.";
        }
        else if (_isLate)
        {
            var sequence = _question.Options.Method == ComparisonMethod.Sequential ? " A sequence allows for daily looks only from one beginning: with a beginning that moves it raises more false alarms." : "";
            yield return $"The experience was shown before this range too: who saw it then counts as new, in the variation that was seen first within the range.{sequence} Ask from the beginning of the experiment.";
        }

        if (ratio.CustomersWithoutShare > 0)
        {
            yield return $"{ratio.CustomersWithoutShare:N0} customers were first shown a variation that had no share then; a client shows what it was not given, or keeps it for too long.";
        }

        if (population.InSeveralVariations > 0)
        {
            yield return $"{population.InSeveralVariations:N0} customers were shown several variations and count in none.";
        }

        if (IsExclusionUneven())
        {
            yield return "Customers who were shown several variations are not spread as the others are: leaving them out makes a difference by itself. That comes of shares that were changed; ask from the last change on.";
        }

        if (_strata.Count > 1)
        {
            var rest = _leftOut > 0 ? $" {_leftOut:N0} customers are of groups that had only one of two variations, and are left out of their comparison." : "";
            yield return $"Shares differ between audiences or changed: variations are compared within {_strata.Count} groups of customers who had the same chances, and the differences averaged.{rest}";
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
