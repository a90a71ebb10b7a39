namespace Vitrine.Statistics;

/// <summary>How many customers a variation has, and the mean and variance of a metric among them.</summary>
/// <param name="Count">Customers.</param>
/// <param name="Mean">The metric's mean; of a ratio metric the ratio of the sums.</param>
/// <param name="Variance">
/// Of one customer, never negative; 0 where it cannot be told. Sums that leave the range of numbers make it infinite or no
/// number, and a <see cref="Comparison"/> then says <see cref="ComparisonTrouble.OutOfRange"/>.
/// </param>
public readonly record struct Moments(long Count, double Mean, double Variance)
{
    /// <summary>The part of Σx²/n below which a variance is rounding: a double has sixteen digits, and squares of cents need some.</summary>
    private const double Rounding = 1e-13;

    /// <summary>The squared standard error of the mean.</summary>
    public double SquaredError => Variance / Count;

    /// <summary>The share of customers who did something: m = Σx/n, variance m(1 − m).</summary>
    /// <exception cref="ArgumentOutOfRangeException">More did than there are, or fewer than none.</exception>
    public static Moments Proportion(long count, double sum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(sum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sum, count);
        var mean = count == 0 ? 0 : sum / count;
        return new Moments(count, mean, mean * (1 - mean));
    }

    /// <summary>A mean: m = Σx/n, variance (Σx² − (Σx)²/n)/(n − 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of customers is negative.</exception>
    public static Moments OfMean(long count, double sum, double sumOfSquares)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new Moments(count, count == 0 ? 0 : sum / count, Told(Covariance(count, sum, sum, sumOfSquares), sumOfSquares / Math.Max(1, count)));
    }

    /// <summary>
    /// A ratio of two sums per customer, such as clicks to impressions. The variance is that of the delta method:
    /// (v_x − 2R·cov_xy + R²·v_y)/m_y² (Deng, Knoblich, Lu, arXiv 1803.06336). Without a denominator there is no customer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of customers is negative.</exception>
    public static Moments Ratio(
        long count, double sum, double sumOfSquares, double denominatorSum, double denominatorSumOfSquares, double crossProduct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0 || denominatorSum == 0)
        {
            return default;
        }

        var ratio = sum / denominatorSum;
        var meanDenominator = denominatorSum / count;
        var variance = (Covariance(count, sum, sum, sumOfSquares)
            - (2 * ratio * Covariance(count, sum, denominatorSum, crossProduct))
            + (ratio * ratio * Covariance(count, denominatorSum, denominatorSum, denominatorSumOfSquares))) / (meanDenominator * meanDenominator);
        var meanSquare = (sumOfSquares + (ratio * ratio * denominatorSumOfSquares)) / count / (meanDenominator * meanDenominator);
        return new Moments(count, ratio, Told(variance, meanSquare));
    }

    /// <summary>A variance that can be told from what adding up squares has rounded; 0 otherwise.</summary>
    private static double Told(double variance, double meanSquare) => variance > Rounding * meanSquare || double.IsNaN(variance) ? variance : 0;

    /// <summary>(Σxy − Σx·Σy/n)/(n − 1); 0 for fewer than two. Divided first: a product of two sums may leave the range of numbers.</summary>
    internal static double Covariance(long count, double sumX, double sumY, double crossProduct) =>
        count < 2 ? 0 : (crossProduct - (sumX / count * sumY)) / (count - 1);
}
