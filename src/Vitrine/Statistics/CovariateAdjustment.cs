namespace Vitrine.Statistics;

/// <summary>
/// CUPED: takes out of a metric what was to be expected of the same customers from what they did before (Deng, Xu, Kohavi,
/// Walker, <i>Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data</i>, 2013).
/// </summary>
/// <remarks>
/// x − θ(p − mean of p over all), with θ = cov(x, p)/var(p), pooled over what customers of the same variation differ by, so
/// that an effect of the variations does not enter it. A ratio R = Σx/Σy is first made linear in the customers, as the
/// delta method does: L = (x − R·y)/m_y has the mean 0 and the variance of R, and what p explains of L is taken from R.
/// </remarks>
public sealed class CovariateAdjustment
{
    private CovariateAdjustment(double theta, double removed, string? reason, IReadOnlyList<Moments> moments) =>
        (Theta, VarianceRemoved, Reason, Moments) = (theta, removed, reason, moments);

    /// <summary>θ; 0 when nothing was adjusted.</summary>
    public double Theta { get; }

    /// <summary>The share of the variance that is gone: 0–1.</summary>
    public double VarianceRemoved { get; }

    /// <summary>Why nothing was adjusted; null when it was.</summary>
    public string? Reason { get; }

    /// <summary>The moments of the variations after the adjustment, in the given order; as they were when nothing was adjusted.</summary>
    public IReadOnlyList<Moments> Moments { get; }

    /// <summary>Adjusts the variations of an experiment. A proportion becomes a mean.</summary>
    public static CovariateAdjustment Of(IReadOnlyList<MetricSums> variations, MetricKind kind)
    {
        ArgumentNullException.ThrowIfNull(variations);
        var arms = variations.Select(sums => Arm.Of(sums, kind)).ToList();
        IReadOnlyList<Moments> plain = [.. variations.Select(sums => sums.Moments(kind))];
        var covariateVariation = arms.Sum(static arm => arm.CovariateVariance * arm.Degrees);
        if (covariateVariation <= 0)
        {
            return new CovariateAdjustment(0, 0, "No customer differs from another in what they did before.", plain);
        }

        var theta = arms.Sum(static arm => arm.Covariance * arm.Degrees) / covariateVariation;
        var customers = variations.Sum(static sums => sums.Count);
        var covariateMean = variations.Sum(static sums => sums.CovariateSum) / customers;
        IReadOnlyList<Moments> adjusted = [.. arms.Select(arm => arm.Count == 0 ? default : new Moments(
            arm.Count,
            arm.Mean - (theta * (arm.CovariateMean - covariateMean)),
            Math.Max(0, arm.Variance - (2 * theta * arm.Covariance) + (theta * theta * arm.CovariateVariance))))];
        var before = arms.Sum(static arm => arm.Variance * arm.Degrees);
        var after = arms.Zip(adjusted, static (arm, moments) => moments.Variance * arm.Degrees).Sum();
        return new CovariateAdjustment(theta, before > 0 ? Math.Clamp(1 - (after / before), 0, 1) : 0, null, adjusted);
    }

    /// <summary>A variation, its metric linear in the customers.</summary>
    private readonly record struct Arm(long Count, double Mean, double Variance, double CovariateMean, double CovariateVariance, double Covariance)
    {
        public double Degrees => Math.Max(0, Count - 1);

        public static Arm Of(MetricSums sums, MetricKind kind)
        {
            // A sample variance for proportions too: beside a covariate they are means of zeros and ones.
            var moments = sums.Moments(kind == MetricKind.Proportion ? MetricKind.Mean : kind);
            if (moments.Count == 0)
            {
                return default;
            }

            var n = sums.Count;
            var covariance = Statistics.Moments.Covariance(n, sums.Sum, sums.CovariateSum, sums.CovariateProduct);
            if (kind == MetricKind.Ratio)
            {
                covariance -= moments.Mean * Statistics.Moments.Covariance(n, sums.DenominatorSum, sums.CovariateSum, sums.CovariateDenominatorProduct);
                covariance /= sums.DenominatorSum / n;
            }

            return new Arm(
                n,
                moments.Mean,
                moments.Variance,
                sums.CovariateSum / n,
                Math.Max(0, Statistics.Moments.Covariance(n, sums.CovariateSum, sums.CovariateSum, sums.CovariateSumOfSquares)),
                covariance);
        }
    }
}
