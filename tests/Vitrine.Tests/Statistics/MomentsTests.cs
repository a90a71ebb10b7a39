using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class MomentsTests
{
    [Fact]
    public void The_error_of_a_ratio_is_that_which_resampling_its_customers_finds()
    {
        var made = new MadeCustomers(11);
        var customers = Enumerable.Range(0, 400).Select(_ => made.Clicks(1, 0.2)).Select(static one => (X: one.Sum, Y: one.DenominatorSum)).ToList();
        var ratios = new List<double>();
        for (var sample = 0; sample < 3000; sample++)
        {
            var (x, y) = (0.0, 0.0);
            for (var draw = 0; draw < customers.Count; draw++)
            {
                var customer = customers[(int)(made.Uniform() * customers.Count)];
                (x, y) = (x + customer.X, y + customer.Y);
            }

            ratios.Add(x / y);
        }

        var mean = ratios.Average();
        var spread = Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (ratios.Count - 1));
        var next = 0;
        var moments = MadeCustomers.Sums(customers.Count, () => (customers[next].X, customers[next++].Y, 0)).Moments(MetricKind.Ratio);
        moments.Mean.ShouldBe(customers.Sum(static one => one.X) / customers.Sum(static one => one.Y), 1e-12);
        Math.Sqrt(moments.SquaredError).ShouldBe(spread, spread * 0.06);
    }

    /// <summary>Where every customer has the same denominator, a ratio is a mean over it.</summary>
    [Fact]
    public void A_ratio_to_a_constant_is_a_mean()
    {
        var made = new MadeCustomers(12);
        var sums = MadeCustomers.Sums(100, () => (made.Normal(), 4, 0));
        var (ratio, mean) = (sums.Moments(MetricKind.Ratio), sums.Moments(MetricKind.Mean));
        ratio.Mean.ShouldBe(mean.Mean / 4, 1e-12);
        ratio.Variance.ShouldBe(mean.Variance / 16, 1e-12);
    }

    [Fact]
    public void A_ratio_without_a_denominator_has_no_customers() => Moments.Ratio(10, 0, 0, 0, 0, 0).ShouldBe(default);

    [Fact]
    public void Nobody_has_no_mean_and_no_variance()
    {
        Moments.Proportion(0, 0).ShouldBe(default);
        Moments.OfMean(0, 0, 0).ShouldBe(default);
        Moments.OfMean(1, 5, 25).ShouldBe(new Moments(1, 5, 0));
    }

    [Fact]
    public void Fewer_than_no_customers_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => Moments.Proportion(-2, 0));
        Should.Throw<ArgumentOutOfRangeException>(static () => Moments.OfMean(-2, 1, 1));
        Should.Throw<ArgumentOutOfRangeException>(static () => Moments.Ratio(-2, 1, 1, 1, 1, 1));
    }

    /// <summary>Σx² = 10³⁰⁶ of 10¹² customers with the mean 10¹⁴⁶: their mean square is 10²⁹⁴, the square of their mean 10²⁹².</summary>
    [Fact]
    public void A_product_of_sums_that_is_too_large_for_a_number_does_not_make_a_variance_vanish()
    {
        Moments.OfMean(1_000_000_000_000, 1e158, 1e306).Variance.ShouldBe(0.99e294, 1e289);
        var beyond = Moments.OfMean(10, 1e160, double.PositiveInfinity);
        Comparison.Of(beyond, beyond, new ComparisonOptions()).Trouble.ShouldBe(ComparisonTrouble.OutOfRange);
    }

    /// <summary>What a database adds up in one pass is the same as adding customer by customer, in however many parts.</summary>
    [Fact]
    public void Sums_of_parts_add_up_to_those_of_the_whole()
    {
        var made = new MadeCustomers(13);
        var (whole, parts) = (new MetricSums(), new[] { new MetricSums(), new MetricSums() });
        for (var customer = 0; customer < 100; customer++)
        {
            var (x, y, p) = ((double)made.Times(2), (double)made.Times(3), (double)made.Times(1));
            whole.Add(x, y, p);
            parts[customer % 2].Add(x, y, p);
        }

        var (one, another) = (parts[0], parts[1]);
        var sums = new MetricSums
        {
            Count = one.Count,
            Sum = one.Sum,
            SumOfSquares = one.SumOfSquares,
            DenominatorSum = one.DenominatorSum,
            DenominatorSumOfSquares = one.DenominatorSumOfSquares,
            CrossProduct = one.CrossProduct,
            CovariateSum = one.CovariateSum,
            CovariateSumOfSquares = one.CovariateSumOfSquares,
            CovariateProduct = one.CovariateProduct,
            CovariateDenominatorProduct = one.CovariateDenominatorProduct,
        };
        sums.Add(another);
        sums.ShouldBeEquivalentTo(whole); // Whole numbers, so that nothing is rounded.
        whole.Count.ShouldBe(100);
    }
}
