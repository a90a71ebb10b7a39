namespace Vitrine.Statistics;

/// <summary>What one pass over the customers of a variation gives: everything that the formulas need of them.</summary>
/// <remarks>
/// x is the metric's number, y the denominator of a ratio, p what the customer did before the experiment. A database may
/// have added up the sums, which then are set, or customers are added one by one, in whatever order: the sums are the same.
/// One thread at a time.
/// </remarks>
public sealed class MetricSums
{
    private CompensatedSum _sum;
    private CompensatedSum _sumOfSquares;
    private CompensatedSum _denominatorSum;
    private CompensatedSum _denominatorSumOfSquares;
    private CompensatedSum _crossProduct;
    private CompensatedSum _covariateSum;
    private CompensatedSum _covariateSumOfSquares;
    private CompensatedSum _covariateProduct;
    private CompensatedSum _covariateDenominatorProduct;

    /// <summary>Customers.</summary>
    public long Count { get; set; }

    /// <summary>Σx.</summary>
    public double Sum
    {
        get => _sum.Value;
        set => _sum.Value = value;
    }

    /// <summary>Σx².</summary>
    public double SumOfSquares
    {
        get => _sumOfSquares.Value;
        set => _sumOfSquares.Value = value;
    }

    /// <summary>Σy.</summary>
    public double DenominatorSum
    {
        get => _denominatorSum.Value;
        set => _denominatorSum.Value = value;
    }

    /// <summary>Σy².</summary>
    public double DenominatorSumOfSquares
    {
        get => _denominatorSumOfSquares.Value;
        set => _denominatorSumOfSquares.Value = value;
    }

    /// <summary>Σxy.</summary>
    public double CrossProduct
    {
        get => _crossProduct.Value;
        set => _crossProduct.Value = value;
    }

    /// <summary>Σp.</summary>
    public double CovariateSum
    {
        get => _covariateSum.Value;
        set => _covariateSum.Value = value;
    }

    /// <summary>Σp².</summary>
    public double CovariateSumOfSquares
    {
        get => _covariateSumOfSquares.Value;
        set => _covariateSumOfSquares.Value = value;
    }

    /// <summary>Σxp.</summary>
    public double CovariateProduct
    {
        get => _covariateProduct.Value;
        set => _covariateProduct.Value = value;
    }

    /// <summary>Σyp.</summary>
    public double CovariateDenominatorProduct
    {
        get => _covariateDenominatorProduct.Value;
        set => _covariateDenominatorProduct.Value = value;
    }

    /// <summary>Adds a customer.</summary>
    /// <param name="x">The metric's number.</param>
    /// <param name="y">The denominator; 0 where the metric has none.</param>
    /// <param name="p">What the customer did before; 0 where nobody asks.</param>
    public void Add(double x, double y = 0, double p = 0)
    {
        Count++;
        _sum.Add(x);
        _sumOfSquares.Add(x * x);
        if (y != 0)
        {
            _denominatorSum.Add(y);
            _denominatorSumOfSquares.Add(y * y);
            _crossProduct.Add(x * y);
        }

        if (p != 0)
        {
            _covariateSum.Add(p);
            _covariateSumOfSquares.Add(p * p);
            _covariateProduct.Add(x * p);
            _covariateDenominatorProduct.Add(y * p);
        }
    }

    /// <summary>Adds the customers of another part of the variation, none of whom may be in both.</summary>
    public void Add(MetricSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count += other.Count;
        _sum.Add(in other._sum);
        _sumOfSquares.Add(in other._sumOfSquares);
        _denominatorSum.Add(in other._denominatorSum);
        _denominatorSumOfSquares.Add(in other._denominatorSumOfSquares);
        _crossProduct.Add(in other._crossProduct);
        _covariateSum.Add(in other._covariateSum);
        _covariateSumOfSquares.Add(in other._covariateSumOfSquares);
        _covariateProduct.Add(in other._covariateProduct);
        _covariateDenominatorProduct.Add(in other._covariateDenominatorProduct);
    }

    /// <summary>The moments of the metric.</summary>
    public Moments Moments(MetricKind kind) => kind switch
    {
        MetricKind.Proportion => Statistics.Moments.Proportion(Count, Sum),
        MetricKind.Mean => Statistics.Moments.OfMean(Count, Sum, SumOfSquares),
        _ => Statistics.Moments.Ratio(Count, Sum, SumOfSquares, DenominatorSum, DenominatorSumOfSquares, CrossProduct),
    };
}
