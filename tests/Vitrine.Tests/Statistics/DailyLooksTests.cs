using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

/// <summary>What becomes of the promise of each method when somebody looks every day and stops at the first difference.</summary>
public sealed class DailyLooksTests
{
    private const double Alpha = 0.05;
    private const int Looks = 30;

    [Theory]
    [InlineData("proportion", DifferenceKind.Absolute)]
    [InlineData("proportion", DifferenceKind.Relative)]
    [InlineData("mean", DifferenceKind.Absolute)]
    [InlineData("mean", DifferenceKind.Relative)]
    [InlineData("ratio", DifferenceKind.Absolute)]
    [InlineData("ratio", DifferenceKind.Relative)]
    public void Who_looks_every_day_at_a_confidence_sequence_is_not_misled(string metric, DifferenceKind difference) =>
        AlarmsOfDailyLooks(ComparisonMethod.Sequential, metric, difference).ShouldBeLessThan(Alpha + (4 * Math.Sqrt(Alpha * (1 - Alpha) / (1000 * MadeCustomers.Longer))));

    [Fact]
    public void Who_looks_every_day_at_a_t_test_is() =>
        AlarmsOfDailyLooks(ComparisonMethod.Frequentist, "mean", DifferenceKind.Absolute).ShouldBeGreaterThan(3 * Alpha);

    private static double AlarmsOfDailyLooks(ComparisonMethod method, string metric, DifferenceKind difference)
    {
        var experiments = 1000 * MadeCustomers.Longer;
        const int customersPerVariationAndDay = 100;
        var made = new MadeCustomers(23);
        var options = new ComparisonOptions { Method = method, Difference = difference };
        var alarmed = 0;
        for (var experiment = 0; experiment < experiments; experiment++)
        {
            var (baseline, treatment) = (new MetricSums(), new MetricSums());
            for (var day = 0; day < Looks; day++)
            {
                baseline.Add(made.Of(metric, 1, customersPerVariationAndDay));
                treatment.Add(made.Of(metric, 1, customersPerVariationAndDay));
                var comparison = Comparison.Of(baseline.Moments(MadeCustomers.Kind(metric)), treatment.Moments(MadeCustomers.Kind(metric)), options);
                if (comparison.Low > 0 || comparison.High < 0)
                {
                    alarmed++;
                    break;
                }
            }
        }

        return alarmed / (double)experiments;
    }
}
