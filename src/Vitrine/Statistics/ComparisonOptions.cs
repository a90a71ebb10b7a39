namespace Vitrine.Statistics;

/// <summary>How two variations are compared.</summary>
public enum ComparisonMethod
{
    /// <summary>Welch's t-test: for one look at a time that was chosen beforehand.</summary>
    Frequentist,

    /// <summary>An asymptotic confidence sequence: for looking as often as one likes.</summary>
    Sequential,

    /// <summary>A normal posterior of the effect.</summary>
    Bayesian,
}

/// <summary>What is meant by the difference between a treatment and its baseline.</summary>
public enum DifferenceKind
{
    /// <summary>The difference of the means.</summary>
    Absolute,

    /// <summary>That difference over the size of the baseline's mean: the lift.</summary>
    Relative,
}

/// <summary>A normal distribution that the effect was believed to have before anything was seen, in units of the difference.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Variance">Its variance, above 0.</param>
public readonly record struct EffectPrior(double Mean, double Variance);

/// <summary>How variations are to be compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The tuning parameter by default.</summary>
    public const double DefaultTuning = 5_000;

    /// <summary>The method. Default: frequentist.</summary>
    public ComparisonMethod Method { get; init; }

    /// <summary>What is compared. Default: absolute.</summary>
    public DifferenceKind Difference { get; init; }

    /// <summary>The chance of being wrong that is accepted: above 0, below 1. Intervals cover 1 − this. Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Customers at whom the confidence sequence is tightest: above 0. Default 5,000.</summary>
    public double Tuning { get; init; } = DefaultTuning;

    /// <summary>What was believed before, for the Bayesian method. Default: nothing, a flat prior.</summary>
    public EffectPrior? Prior { get; init; }

    /// <summary>Refuses what no comparison can be made with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    internal void ThrowIfOutOfRange()
    {
        if (!(Alpha is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "Alpha lies above 0 and below 1.");
        }

        if (!(Tuning > 0 && double.IsFinite(Tuning)))
        {
            throw new ArgumentOutOfRangeException(nameof(Tuning), Tuning, "Tuning is a number of customers above 0.");
        }

        if (Prior is { } prior && !(prior.Variance > 0 && double.IsFinite(prior.Variance) && double.IsFinite(prior.Mean)))
        {
            throw new ArgumentOutOfRangeException(nameof(Prior), Prior, "A prior has a finite mean and a variance above 0.");
        }
    }
}
