using System.Globalization;
using System.Text;
using Vitrine.Conversions;
using Vitrine.Reports;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>The query parameters of an experiment, as they were sent.</summary>
public sealed record ExperimentParameters
{
    private const int MostCovariateDays = 90;

    /// <summary>The methods by name.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["frequentist", "sequential", "bayesian"];

    /// <summary>The differences by name.</summary>
    public static IReadOnlyList<string> Differences { get; } = ["absolute", "relative"];

    /// <summary>The corrections by name.</summary>
    public static IReadOnlyList<string> Corrections { get; } = ["holm", "benjamini_hochberg"];

    public string? Metric { get; init; }

    public string? Goal { get; init; }

    public string? Currency { get; init; }

    public string? Baseline { get; init; }

    public string? Method { get; init; }

    public string? Difference { get; init; }

    public string? Alpha { get; init; }

    public string? Tuning { get; init; }

    public string? Prior { get; init; }

    public string? Correction { get; init; }

    public string? Attribution { get; init; }

    public string? Audience { get; init; }

    public string? Windows { get; init; }

    public string? Winsorise { get; init; }

    public string? Cuped { get; init; }

    public string? Weights { get; init; }

    /// <summary>Reads them. Answers what is wrong; null, and the question, when nothing is.</summary>
    internal string? Read(string environmentId, string experienceId, ReportRange range, long now, ExperienceGoals? goals, out ExperimentQuestion? question)
    {
        question = null;
        var metric = (ExperimentMetric)Choose("metric", Metric, ExperimentMetrics.Names, 0, out var wrongMetric);
        var method = (ComparisonMethod)Choose("method", Method, Methods, 0, out var wrongMethod);
        var difference = (DifferenceKind)Choose("difference", Difference, Differences, 0, out var wrongDifference);
        var correction = Choose("correction", Correction, Corrections, 0, out var wrongCorrection);
        var (attribution, wrongAttribution) = AttributionModels.Parse(Attribution);
        var alpha = Number("alpha", Alpha, 1e-9, 0.5, out var wrongAlpha);
        var tuning = Number("tuning", Tuning, 1, 1e12, out var wrongTuning);
        var winsorise = Number("winsorise", Winsorise, 50, 100, out var wrongWinsorise);
        var cuped = Number("cuped", Cuped, 1, MostCovariateDays, out var wrongCuped);
        var prior = ReadPrior(out var wrongPrior);
        var goal = ReadGoal(metric, goals, out var wrongGoal);
        var windows = Choose("windows", Windows, ["all", "completed"], 0, out var wrongWindows);
        var error = wrongMetric ?? wrongMethod ?? wrongDifference ?? wrongCorrection ?? wrongAttribution ?? wrongAlpha ?? wrongTuning
            ?? wrongWinsorise ?? wrongCuped ?? wrongPrior ?? wrongGoal ?? wrongWindows
            ?? (tuning is not null && method != ComparisonMethod.Sequential ? "tuning: is of the sequential method only." : null)
            ?? (prior is not null && method != ComparisonMethod.Bayesian ? "prior: is of the bayesian method only." : null)
            ?? (winsorise is not null && metric.Kind() != MetricKind.Mean ? $"winsorise: {metric.Name()} is no mean; only a mean can be decided by a few extreme customers." : null)
            ?? (cuped is { } days && days != Math.Floor(days) ? "cuped: give whole days." : null)
            ?? (!string.IsNullOrEmpty(Currency) && metric != ExperimentMetric.RevenuePerUser ? "currency: is of revenue_per_user only." : null)
            ?? (!string.IsNullOrEmpty(Currency) && !Amount.IsCurrency(Encoding.UTF8.GetBytes(Currency)) ? $"currency: '{Currency}' is none; they have three letters, such as EUR." : null);
        if (error is not null)
        {
            return error;
        }

        question = new ExperimentQuestion
        {
            EnvironmentId = environmentId,
            ExperienceId = experienceId,
            Range = range,
            Until = Math.Min(range.ToSeconds, now),
            Now = now,
            Metric = metric,
            Options = new ComparisonOptions
            {
                Method = method,
                Difference = difference,
                Alpha = alpha ?? 0.05,
                Tuning = tuning ?? ComparisonOptions.DefaultTuning,
                Prior = prior,
            },
            ControlsDiscoveries = correction == 1,
            Baseline = string.IsNullOrEmpty(Baseline) ? null : Baseline,
            AudienceId = string.IsNullOrEmpty(Audience) ? null : Audience,
            Goals = goals,
            Goal = goal,
            Currency = string.IsNullOrEmpty(Currency) ? (metric.AsksGoal() ? goals!.Goals[goal].Currency : null) : Currency.ToUpperInvariant(),
            Attribution = attribution,
            CompletedWindowsOnly = windows == 1,
            Winsorise = winsorise,
            CovariateDays = (int?)cuped,
        };
        return null;
    }

    /// <summary>The weights by variation; null without any.</summary>
    public Dictionary<string, double>? ReadWeights(out string? error)
    {
        error = null;
        if (string.IsNullOrEmpty(Weights))
        {
            return null;
        }

        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in Weights.Split(','))
        {
            var colon = part.LastIndexOf(':');
            if (colon <= 0 || Number("weights", part[(colon + 1)..], 0, 1e9, out _) is not { } weight || !weights.TryAdd(part[..colon].Trim(), weight))
            {
                error = $"weights: '{part}' is no variation with its share; they look like 0:50,1:50.";
                return null;
            }
        }

        if (weights.Values.Max() is var largest && weights.FirstOrDefault(one => one.Value > 0 && one.Value < largest / 1e6) is { Key: { } least })
        {
            error = $"weights: the one of '{least}' is less than a millionth of the largest; a share is a multiple of 0.01 %.";
            return null;
        }

        return weights;
    }

    private static int Choose(string name, string? given, IReadOnlyList<string> known, int byDefault, out string? error)
    {
        var index = string.IsNullOrEmpty(given) ? byDefault : known.ToList().IndexOf(given);
        error = index < 0 ? $"{name}: '{given}' is none of {string.Join(", ", known)}." : null;
        return Math.Max(0, index);
    }

    private static double? Number(string name, string? text, double least, double most, out string? error)
    {
        error = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        error = string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is no number from {least} to {most}.");
        return null;
    }

    private EffectPrior? ReadPrior(out string? error)
    {
        error = null;
        if (string.IsNullOrEmpty(Prior))
        {
            return null;
        }

        if (Prior.Split(',') is [var mean, var variance]
            && Number("prior", mean, -1e30, 1e30, out _) is { } centre
            && Number("prior", variance, 1e-30, 1e30, out _) is { } spread)
        {
            return new EffectPrior(centre, spread);
        }

        error = $"prior: '{Prior}' is no mean and variance of the difference; they look like 0,0.0001.";
        return null;
    }

    private int ReadGoal(ExperimentMetric metric, ExperienceGoals? goals, out string? error)
    {
        error = null;
        if (!metric.AsksGoal())
        {
            error = string.IsNullOrEmpty(Goal) ? null : $"goal: {metric.Name()} asks about no goal.";
            return 0;
        }

        if (goals is null)
        {
            error = $"metric: {metric.Name()} asks about a goal, and this server knows none of the experience.";
            return 0;
        }

        var index = string.IsNullOrEmpty(Goal) ? 0 : goals.IndexOf(Goal);
        error = index is null ? $"goal: the experience has no goal '{Goal}'; it has {string.Join(", ", goals.Goals.Select(static one => $"'{one.Name}'"))}."
            : metric == ExperimentMetric.RevenuePerUser && !goals.Goals[index.Value].HasAmounts ? $"metric: the goal '{goals.Goals[index.Value].Name}' has no revenue attribute."
            : null;
        return index ?? 0;
    }
}
