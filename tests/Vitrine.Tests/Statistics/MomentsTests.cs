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
}
