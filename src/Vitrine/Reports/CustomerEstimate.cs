using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>About how many customers a sketch has seen.</summary>
/// <remarks>
/// Ertl's improved estimator (O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6):
/// from how many registers have each rank, without the bias that the original has for few and for middling numbers, and
/// without tables. Up to a few dozen customers it is right but for who share a register.
/// </remarks>
internal static class CustomerEstimate
{
    /// <summary>The estimate, rounded.</summary>
    /// <param name="registersByRank">How many registers have each rank, from 1; those with 0 are the rest.</param>
    public static long Of(ReadOnlySpan<int> registersByRank)
    {
        const double registers = CustomerSketch.Registers;
        const int highest = CustomerSketch.HighestRank;
        var empty = registers;
        foreach (var count in registersByRank)
        {
            empty -= count;
        }

        var sum = registers * Tau(1 - (registersByRank[highest] / registers));
        for (var rank = highest - 1; rank >= 1; rank--)
        {
            sum = 0.5 * (sum + registersByRank[rank]);
        }

        sum += registers * Sigma(empty / registers);
        return (long)Math.Round(registers * registers / (2 * Math.Log(2) * sum));
    }

    /// <summary>The share of empty registers, corrected: x + Σ x^(2^k) 2^(k−1).</summary>
    private static double Sigma(double share)
    {
        if (share == 1)
        {
            return double.PositiveInfinity; // Nobody.
        }

        var (sum, power, weight) = (share, share, 1.0);
        for (var before = -1.0; sum != before; weight += weight)
        {
            before = sum;
            power *= power;
            sum += power * weight;
        }

        return sum;
    }

    /// <summary>The share of registers below the highest rank, corrected: (1 − x − Σ (1 − x^(2^−k))² 2^−k) / 3.</summary>
    private static double Tau(double share)
    {
        if (share is 0 or 1)
        {
            return 0;
        }

        var (sum, root, weight) = (1 - share, share, 1.0);
        for (var before = -1.0; sum != before;)
        {
            before = sum;
            root = Math.Sqrt(root);
            weight *= 0.5;
            sum -= (1 - root) * (1 - root) * weight;
        }

        return sum / 3;
    }
}
