using MathNet.Numerics;

namespace Vitrine.Statistics;

/// <summary>Whether the customers of an experiment are spread as they should be: a χ² test.</summary>
/// <param name="ChiSquared">Σ (observed − expected)²/expected.</param>
/// <param name="DegreesOfFreedom">One less than the variations.</param>
/// <param name="PValue">How likely so uneven a spread is by chance: 0–1.</param>
/// <param name="Expected">How many customers each variation should have.</param>
public sealed record SampleRatio(double ChiSquared, int DegreesOfFreedom, double PValue, IReadOnlyList<double> Expected)
{
    /// <summary>Below this a spread is called a mismatch: it comes by chance once in a thousand experiments.</summary>
    public const double Threshold = 0.001;

    /// <summary>Whether something is wrong with the spread.</summary>
    public bool IsMismatch => PValue < Threshold;

    /// <summary>Tests a spread against shares, which need not add up to anything.</summary>
    /// <exception cref="ArgumentException">Fewer than two shares are above 0, or a variation without a share has customers.</exception>
    public static SampleRatio OfShares(IReadOnlyList<long> observed, IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(shares);
        var (customers, whole) = (observed.Sum(), shares.Sum());
        return Of(observed, [.. shares.Select(share => customers * (share / whole))], shares);
    }

    /// <summary>Tests a spread against how many customers each variation should have.</summary>
    /// <exception cref="ArgumentException">Fewer than two are to have some, or a variation that is to have none has customers.</exception>
    public static SampleRatio OfExpected(IReadOnlyList<long> observed, IReadOnlyList<double> expected) => Of(observed, expected, expected);

    private static SampleRatio Of(IReadOnlyList<long> observed, IReadOnlyList<double> expected, IReadOnlyList<double> shares)
    {
        if (shares.Count(static share => share > 0) < 2)
        {
            throw new ArgumentException("Fewer than two variations have a share.", nameof(expected));
        }

        var statistic = 0.0;
        for (var index = 0; index < observed.Count; index++)
        {
            if (shares[index] > 0)
            {
                var beyond = observed[index] - expected[index];
                statistic += expected[index] > 0 ? beyond / expected[index] * beyond : 0;
            }
            else if (observed[index] > 0)
            {
                throw new ArgumentException($"Variation {index} has {observed[index]:N0} customers and no share.", nameof(observed));
            }
        }

        var degrees = shares.Count(static share => share > 0) - 1;
        return new SampleRatio(statistic, degrees, Math.Clamp(SpecialFunctions.GammaUpperRegularized(degrees / 2.0, statistic / 2), 0, 1), expected);
    }
}
