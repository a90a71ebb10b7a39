using MathNet.Numerics.Distributions;

namespace Vitrine.Statistics;

/// <summary>What can be said of a treatment beside its baseline. No figure is ever infinite or no number.</summary>
/// <param name="Difference">The treatment less the baseline; null where <see cref="Trouble"/> says why.</param>
/// <param name="Low">Where the interval begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="StandardError">Of the difference.</param>
public sealed record Comparison(double? Difference, double? Low, double? High, double? StandardError)
{
    private static readonly Comparison Nothing = new(null, null, null, null);

    /// <summary>The baseline's mean; null without customers. It is said even where nothing can be compared.</summary>
    public double? MeanBaseline { get; init; }

    /// <summary>The treatment's mean; null without customers.</summary>
    public double? MeanTreatment { get; init; }

    /// <summary>How likely so large a difference were if there was none: 0–1. Of the Bayesian method: null.</summary>
    public double? PValue { get; init; }

    /// <summary>The chance that the treatment is better: 0–1. Of the Bayesian method only.</summary>
    public double? ChanceToWin { get; init; }

    /// <summary>What choosing the treatment is expected to cost, in units of the difference. Of the Bayesian method only.</summary>
    public double? ExpectedLoss { get; init; }

    /// <summary>Of Welch's t-test.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>Why nothing can be said; null when something can.</summary>
    public ComparisonTrouble? Trouble { get; init; }

    /// <summary>Compares two variations. The formulas are those of <c>docs/statistics.md</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public static Comparison Of(Moments baseline, Moments treatment, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfOutOfRange();
        var effect = Effect.Between(baseline, treatment, options.Difference);
        return Compare(effect, baseline, treatment, options) with { MeanBaseline = MeanOf(baseline), MeanTreatment = MeanOf(treatment) };
    }

    private static Comparison Compare(Effect effect, Moments baseline, Moments treatment, ComparisonOptions options)
    {
        if (effect.Trouble is { } trouble)
        {
            return Nothing with { Difference = trouble == ComparisonTrouble.NoVariance ? effect.Value : null, Trouble = trouble };
        }

        var comparison = options.Method switch
        {
            ComparisonMethod.Frequentist => Welch(effect, baseline, treatment, options.Alpha),
            ComparisonMethod.Sequential => Sequence(effect, baseline.Count + (double)treatment.Count, options),
            _ => Posterior(effect, options),
        };
        return double.IsFinite(comparison.Low!.Value) && double.IsFinite(comparison.High!.Value)
            ? comparison
            : Nothing with { Trouble = ComparisonTrouble.OutOfRange };
    }

    private static double? MeanOf(Moments moments) => moments.Count > 0 && double.IsFinite(moments.Mean) ? moments.Mean : null;

    /// <summary>The degrees of freedom take the squared errors relative to the larger one: their squares would leave the range of numbers.</summary>
    private static Comparison Welch(Effect effect, Moments baseline, Moments treatment, double alpha)
    {
        var largest = Math.Max(baseline.SquaredError, treatment.SquaredError);
        var (a, b) = (baseline.SquaredError / largest, treatment.SquaredError / largest);
        var degrees = (a + b) * (a + b) / ((a * a / (baseline.Count - 1)) + (b * b / (treatment.Count - 1)));
        var half = StudentsT.UpperQuantile(alpha / 2, degrees) * effect.StandardError;
        return new Comparison(effect.Value, effect.Value - half, effect.Value + half, effect.StandardError)
        {
            PValue = Math.Clamp(2 * StudentsT.UpperTail(Math.Abs(effect.Value / effect.StandardError), degrees), 0, 1),
            DegreesOfFreedom = degrees,
        };
    }

    /// <summary>
    /// Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, <i>Time-uniform central limit theory and asymptotic confidence
    /// sequences</i>, arXiv 2103.06476v7, equations 9, 155 and 161.
    /// </summary>
    private static Comparison Sequence(Effect effect, double customers, ComparisonOptions options)
    {
        var squaredRho = SquaredRho(options.Alpha, options.Tuning);
        var growth = (customers * squaredRho) + 1;
        var half = HalfOfSequence(effect.StandardError, customers, options.Alpha, options.Tuning);
        var statistic = effect.Value / effect.StandardError;
        var evidence = (customers * squaredRho * statistic * statistic / (2 * growth)) - (0.5 * Math.Log(growth));
        return new Comparison(effect.Value, effect.Value - half, effect.Value + half, effect.StandardError)
        {
            PValue = Math.Min(1, Math.Exp(-evidence)),
        };
    }

    /// <summary>Half the width of the confidence sequence at so many customers.</summary>
    internal static double HalfOfSequence(double standardError, double customers, double alpha, double tuning)
    {
        var squaredRho = SquaredRho(alpha, tuning);
        var growth = (customers * squaredRho) + 1;
        return standardError * Math.Sqrt(2 * growth / (customers * squaredRho) * ((0.5 * Math.Log(growth)) - Math.Log(alpha)));
    }

    private static double SquaredRho(double alpha, double tuning)
    {
        var logarithm = -2 * Math.Log(alpha);
        return (logarithm + Math.Log(logarithm + 1)) / tuning;
    }

    private static Comparison Posterior(Effect effect, ComparisonOptions options)
    {
        var (mean, variance) = (effect.Value, effect.StandardError * effect.StandardError);
        if (options.Prior is { } prior)
        {
            var weight = prior.Variance / (prior.Variance + variance); // Of what was seen.
            (mean, variance) = (prior.Mean + (weight * (mean - prior.Mean)), weight * variance);
        }

        var deviation = Math.Sqrt(variance);
        if (deviation <= 0)
        {
            return new Comparison(null, double.NaN, double.NaN, null);
        }

        var half = -Normal.InvCDF(0, 1, options.Alpha / 2) * deviation;
        var standing = mean / deviation;
        return new Comparison(mean, mean - half, mean + half, deviation)
        {
            ChanceToWin = Normal.CDF(0, 1, standing),
            ExpectedLoss = Math.Max(0, (deviation * Normal.PDF(0, 1, standing)) - (mean * Normal.CDF(0, 1, -standing))),
        };
    }
}
