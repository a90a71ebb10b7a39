namespace Vitrine.Statistics;

/// <summary>
/// CUPED: takes out of a metric what was to be expected of the same customers from what they did before (Deng, Xu, Kohavi,
/// Walker, <i>Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data</i>, 2013).
/// </summary>
/// <remarks>
/// <para>
/// A mean becomes that of x − θ(p − mean of p over all), with θ = cov(x, p)/var(p), pooled over what customers of the same
/// variation differ by, so that an effect of the variations does not enter it.
/// </para>
/// <para>
/// A ratio R = Σx/Σy of a variation is first made linear in its customers, as the delta method does. To the first order
/// around the means m_x and m_y, Σx/Σy − m_x/m_y is the mean of L = (x − R·y)/m_y. L has the mean 0, and its variance
/// (v_x − 2R·cov_xy + R²·v_y)/m_y² is that of <see cref="Statistics.Moments.Ratio"/>: so R behaves like the mean of R + L,
/// and what p explains of L is taken from R. cov(L, p) = (cov(x, p) − R·cov(y, p))/m_y.
/// </para>
/// </remarks>
public sealed class CovariateAdjustment
{
    /// <summary>The part of Σp² below which differences of p are not told from what adding up has rounded.</summary>
    private const double Rounding = 1e-12;

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
        if (covariateVariation <= Rounding * variations.Sum(static sums => sums.CovariateSumOfSquares))
        {
            return new CovariateAdjustment(0, 0, "No customer differs from another in what they did before.", plain);
        }

        var theta = arms.Sum(static arm => arm.Covariance * arm.Degrees) / covariateVariation;
        var covariateMean = arms.Sum(static arm => arm.CovariateMean * arm.Count) / arms.Sum(static arm => arm.Count);
        IReadOnlyList<Moments> adjusted = [.. arms.Select(arm => arm.Count == 0 ? default : new Moments(
            arm.Count,
            arm.Mean - (theta * (arm.CovariateMean - covariateMean)),
            Math.Max(0, arm.Variance - (2 * theta * arm.Covariance) + (theta * theta * arm.CovariateVariance))))];
        var before = arms.Sum(static arm => arm.Variance * arm.Degrees);
        var after = arms.Zip(adjusted, static (arm, moments) => moments.Variance * arm.Degrees).Sum();
        return double.IsFinite(theta) && double.IsFinite(before) && adjusted.All(static moments => double.IsFinite(moments.Mean) && double.IsFinite(moments.Variance))
            ? new CovariateAdjustment(theta, before > 0 ? Math.Clamp(1 - (after / before), 0, 1) : 0, null, adjusted)
            : new CovariateAdjustment(0, 0, "The figures are too large or too small to be calculated with.", plain);
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
