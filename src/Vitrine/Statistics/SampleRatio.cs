using MathNet.Numerics;

namespace Vitrine.Statistics;

/// <summary>Whether the customers of an experiment are spread as they should be: a χ² test.</summary>
/// <param name="ChiSquared">Σ (observed − expected)²/expected.</param>
/// <param name="DegreesOfFreedom">One less than the variations that have a share.</param>
/// <param name="PValue">How likely so uneven a spread is by chance: 0–1.</param>
/// <param name="Expected">How many customers each variation should have.</param>
public sealed record SampleRatio(double ChiSquared, int DegreesOfFreedom, double PValue, IReadOnlyList<double> Expected)
{
    /// <summary>Below this a spread is called a mismatch: it comes by chance once in a thousand experiments.</summary>
    public const double Threshold = 0.001;

    /// <summary>By how much expected customers may miss the observed ones in all, relative to these: they were rounded.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Whether something is wrong with the spread.</summary>
    public bool IsMismatch => PValue < Threshold;

    /// <summary>Tests a spread against shares, which need not add up to anything.</summary>
    /// <exception cref="ArgumentException">
    /// The lists differ in length, a number is negative or no number, fewer than two shares are above 0 (one too small to
    /// be told from 0 beside the others is not), or a variation without a share has customers.
    /// </exception>
    public static SampleRatio OfShares(IReadOnlyList<long> observed, IReadOnlyList<double> shares)
    {
        ThrowIfUnfit(observed, shares);
        var customers = observed.Sum(static count => (double)count);
        var largest = shares.DefaultIfEmpty().Max();
        var whole = shares.Sum(share => share / largest);
        double[] parts = [.. shares.Select(share => share / largest / whole)];
        return Of(observed, [.. parts.Select(part => customers * part)], parts);
    }

    /// <summary>
    /// Tests a spread against how many customers each variation should have: where shares changed during an experiment,
    /// the sum of what each time's shares make of its customers.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The lists differ in length, a number is negative or no number, the expected customers do not add up to the observed
    /// ones, fewer than two variations are to have some, or one that is to have none has customers.
    /// </exception>
    public static SampleRatio OfExpected(IReadOnlyList<long> observed, IReadOnlyList<double> expected)
    {
        ThrowIfUnfit(observed, expected);
        var (there, wanted) = (observed.Sum(static count => (double)count), expected.Sum());
        return Math.Abs(there - wanted) <= Rounding * Math.Max(1, there)
            ? Of(observed, expected, expected)
            : throw new ArgumentException($"There are {there:N0} customers and {wanted:N0} are expected; they must be as many.", nameof(expected));
    }

    private static void ThrowIfUnfit(IReadOnlyList<long> observed, IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(shares);
        if (observed.Count != shares.Count)
        {
            throw new ArgumentException($"There are {observed.Count} variations and {shares.Count} shares; there must be one of each.", nameof(shares));
        }

        for (var index = 0; index < observed.Count; index++)
        {
            if (observed[index] < 0 || !(shares[index] >= 0 && double.IsFinite(shares[index])))
            {
                throw new ArgumentException($"Variation {index} has {observed[index]:N0} customers and a share of {shares[index]}; neither may be negative.", nameof(observed));
            }
        }
    }

    private static SampleRatio Of(IReadOnlyList<long> observed, IReadOnlyList<double> expected, IReadOnlyList<double> shares)
    {
        var statistic = 0.0;
        for (var index = 0; index < observed.Count; index++)
        {
            if (shares[index] == 0 && observed[index] > 0)
            {
                throw new ArgumentException($"Variation {index} has {observed[index]:N0} customers and no share.", nameof(observed));
            }

            var beyond = observed[index] - expected[index];
            statistic += expected[index] > 0 ? beyond / expected[index] * beyond : 0; // Without customers nobody is expected anywhere.
        }

        var degrees = shares.Count(static share => share > 0) - 1;
        return degrees < 1
            ? throw new ArgumentException("Fewer than two variations have a share.", nameof(shares))
            : new SampleRatio(
                Math.Min(statistic, double.MaxValue),
                degrees,
                Math.Clamp(SpecialFunctions.GammaUpperRegularized(degrees / 2.0, Math.Min(statistic, double.MaxValue) / 2), 0, 1),
                expected);
    }
}
