using Vitrine.Hosting;

namespace Vitrine.Statistics;

/// <summary>Judges the sums of a variation: whether any customers could have them.</summary>
internal static class SumsCheck
{
    /// <summary>By how much rounding may have moved a sum, relative to its size.</summary>
    private const double Rounding = 1e-9;

    /// <summary>What the sums are of, or null, with what is wrong.</summary>
    public static MetricKind? Run(string path, SumsBody sums, List<ApiFieldError> errors)
    {
        var before = errors.Count;
        var kind = KindOf(path, sums, errors);
        if (sums.Count is < 0 or > StatisticsBody.MostCustomers)
        {
            errors.Add(new ApiFieldError($"{path}/n", $"must be a number of customers from 0 to {StatisticsBody.MostCustomers:N0}"));
        }

        CheckSize($"{path}/sum", sums.Sum, errors);
        CheckSize($"{path}/denominator_sum", sums.DenominatorSum ?? 0, errors);
        if (errors.Count > before)
        {
            return null;
        }

        if (kind == MetricKind.Proportion && (sums.Sum < 0 || sums.Sum > sums.Count))
        {
            errors.Add(new ApiFieldError($"{path}/sum", $"is {sums.Sum} of {sums.Count} customers; without sum_squares it is the number of customers who did something, 0 to n"));
        }
        else if (kind != MetricKind.Proportion)
        {
            CheckSquares($"{path}/sum_squares", sums.Count, sums.Sum, sums.SumOfSquares!.Value, errors);
        }

        if (kind == MetricKind.Ratio)
        {
            CheckSquares($"{path}/denominator_sum_squares", sums.Count, sums.DenominatorSum!.Value, sums.DenominatorSumOfSquares!.Value, errors);
            CheckProduct($"{path}/cross_product", sums, errors);
        }

        return errors.Count > before ? null : kind;
    }

    /// <summary>The moments of sums that were checked.</summary>
    public static Moments Moments(SumsBody sums, MetricKind kind) => kind switch
    {
        MetricKind.Proportion => Statistics.Moments.Proportion(sums.Count, sums.Sum + 0.0), // −0 is 0.
        MetricKind.Mean => Statistics.Moments.OfMean(sums.Count, sums.Sum + 0.0, sums.SumOfSquares!.Value),
        _ => Statistics.Moments.Ratio(
            sums.Count, sums.Sum + 0.0, sums.SumOfSquares!.Value, sums.DenominatorSum!.Value, sums.DenominatorSumOfSquares!.Value, sums.CrossProduct!.Value),
    };

    private static MetricKind KindOf(string path, SumsBody sums, List<ApiFieldError> errors)
    {
        (string Name, double? Value)[] ofRatio =
        [
            ("denominator_sum", sums.DenominatorSum), ("denominator_sum_squares", sums.DenominatorSumOfSquares), ("cross_product", sums.CrossProduct),
        ];
        if (ofRatio.All(static one => one.Value is null))
        {
            return sums.SumOfSquares is null ? MetricKind.Proportion : MetricKind.Mean;
        }

        foreach (var (name, value) in ofRatio.Append(("sum_squares", sums.SumOfSquares)))
        {
            if (value is null)
            {
                errors.Add(new ApiFieldError($"{path}/{name}", "is required of a ratio: it needs sum_squares, denominator_sum, denominator_sum_squares and cross_product"));
            }
        }

        return MetricKind.Ratio;
    }

    private static void CheckSize(string path, double figure, List<ApiFieldError> errors)
    {
        if (Math.Abs(figure) > StatisticsBody.LargestFigure)
        {
            errors.Add(new ApiFieldError(path, $"must be between ±{StatisticsBody.LargestFigure}"));
        }
    }

    /// <summary>By Cauchy and Schwarz the squares of n numbers add up to at least the square of their sum over n.</summary>
    private static void CheckSquares(string path, long count, double sum, double squares, List<ApiFieldError> errors)
    {
        var least = count == 0 ? 0 : sum * sum / count;
        if (squares < least * (1 - Rounding))
        {
            errors.Add(new ApiFieldError(path, $"is {squares}, which no {count} numbers of that sum have: it is at least sum² / n = {least}"));
        }
        else if (count == 0 && (sum != 0 || squares != 0))
        {
            errors.Add(new ApiFieldError(path, "is the sum of no customers, which is 0, like the other sums"));
        }
        else if (squares > StatisticsBody.LargestSquares)
        {
            errors.Add(new ApiFieldError(path, $"must be at most {StatisticsBody.LargestSquares}"));
        }
    }

    /// <summary>By Cauchy and Schwarz the covariation of numerator and denominator is at most the root of the product of their variations.</summary>
    private static void CheckProduct(string path, SumsBody sums, List<ApiFieldError> errors)
    {
        var (squares, others) = (sums.SumOfSquares!.Value, sums.DenominatorSumOfSquares!.Value);
        var (share, other) = (Share(sums.Sum), Share(sums.DenominatorSum!.Value));
        var middle = share * other;
        var reach = (Math.Sqrt(Math.Max(0, squares - (share * share))) * Math.Sqrt(Math.Max(0, others - (other * other))))
            + (Rounding * Math.Sqrt(squares) * Math.Sqrt(others));
        if (Math.Abs(sums.CrossProduct!.Value - middle) > reach)
        {
            errors.Add(new ApiFieldError(path, $"is {sums.CrossProduct}; with the other sums it lies between {middle - reach} and {middle + reach}"));
        }

        double Share(double sum) => sums.Count == 0 ? 0 : sum / Math.Sqrt(sums.Count);
    }
}
