using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class WinsorisationTests
{
    [Theory]
    [InlineData(100, 50)]
    [InlineData(90, 50)] // Ninety per cent of five are four and a half: the fifth.
    [InlineData(80, 40)]
    [InlineData(1, 10)]
    public void The_cap_is_the_nearest_rank(double percentile, double cap)
    {
        double[] values = [50, 20, 10, 40, 30];
        Winsorisation.Cap(values, percentile).ShouldBe(cap);
    }

    /// <summary>Ranks in whole numbers: ⌈942 · n/1000⌉ and so on for every tenth of a per cent.</summary>
    [Fact]
    public void Where_a_percentile_falls_on_a_customer_it_is_that_customer()
    {
        foreach (var customers in new[] { 10, 1000, 2000, 4999 })
        {
            for (var thousandths = 1; thousandths <= 1000; thousandths++)
            {
                var values = Enumerable.Range(1, customers).Select(static value => (double)value).ToArray();
                Winsorisation.Cap(values, thousandths / 10.0).ShouldBe(((thousandths * customers) + 999) / 1000, $"{thousandths / 10.0} of {customers}");
            }
        }
    }

    [Fact]
    public void Nobody_has_a_cap_of_zero() => Winsorisation.Cap([], 99).ShouldBe(0);

    [Theory]
    [InlineData(0)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void A_percentile_lies_above_0_and_at_most_at_100(double percentile) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Winsorisation.Cap([1, 2], percentile));
}
