namespace Vitrine.Statistics;

/// <summary>What one pass over the customers of a variation gives: everything that the formulas need of them.</summary>
/// <remarks>
/// x is the metric's number, y the denominator of a ratio, p what the customer did before the experiment. A database may
/// have added up the sums, which then are set, or customers are added one by one. One thread at a time.
/// </remarks>
public sealed class MetricSums
{
    /// <summary>Customers.</summary>
    public long Count { get; set; }

    /// <summary>Σx.</summary>
    public double Sum { get; set; }

    /// <summary>Σx².</summary>
    public double SumOfSquares { get; set; }

    /// <summary>Σy.</summary>
    public double DenominatorSum { get; set; }

    /// <summary>Σy².</summary>
    public double DenominatorSumOfSquares { get; set; }

    /// <summary>Σxy.</summary>
    public double CrossProduct { get; set; }

    /// <summary>Σp.</summary>
    public double CovariateSum { get; set; }

    /// <summary>Σp².</summary>
    public double CovariateSumOfSquares { get; set; }

    /// <summary>Σxp.</summary>
    public double CovariateProduct { get; set; }

    /// <summary>Σyp.</summary>
    public double CovariateDenominatorProduct { get; set; }

    /// <summary>Adds a customer.</summary>
    /// <param name="x">The metric's number.</param>
    /// <param name="y">The denominator; 0 where the metric has none.</param>
    /// <param name="p">What the customer did before; 0 where nobody asks.</param>
    public void Add(double x, double y = 0, double p = 0)
    {
        Count++;
        Sum += x;
        SumOfSquares += x * x;
        DenominatorSum += y;
        DenominatorSumOfSquares += y * y;
        CrossProduct += x * y;
        CovariateSum += p;
        CovariateSumOfSquares += p * p;
        CovariateProduct += x * p;
        CovariateDenominatorProduct += y * p;
    }

    /// <summary>Adds the customers of another part of the variation, none of whom may be in both.</summary>
    public void Add(MetricSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count += other.Count;
        Sum += other.Sum;
        SumOfSquares += other.SumOfSquares;
        DenominatorSum += other.DenominatorSum;
        DenominatorSumOfSquares += other.DenominatorSumOfSquares;
        CrossProduct += other.CrossProduct;
        CovariateSum += other.CovariateSum;
        CovariateSumOfSquares += other.CovariateSumOfSquares;
        CovariateProduct += other.CovariateProduct;
        CovariateDenominatorProduct += other.CovariateDenominatorProduct;
    }

    /// <summary>The moments of the metric.</summary>
    public Moments Moments(MetricKind kind) => kind switch
    {
        MetricKind.Proportion => Statistics.Moments.Proportion(Count, Sum),
        MetricKind.Mean => Statistics.Moments.OfMean(Count, Sum, SumOfSquares),
        _ => Statistics.Moments.Ratio(Count, Sum, SumOfSquares, DenominatorSum, DenominatorSumOfSquares, CrossProduct),
    };
}
