using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

/// <summary>Published figures, and figures that were worked out by another route.</summary>
public sealed class ComparisonReferenceTests
{
    private static readonly Moments RevenueBaseline = Moments.OfMean(3407, 1396.87, 52377.9767);
    private static readonly Moments RevenueTreatment = Moments.OfMean(3461, 2422.7, 134698.29);

    [Fact]
    public void Welchs_test_of_a_relative_difference_of_means() =>
        Shows(Compare(RevenueBaseline, RevenueTreatment, DifferenceKind.Relative), 0.70732, 0.37879, -0.03526, 1.44989, 0.06191);

    [Fact]
    public void Welchs_test_of_an_absolute_difference_of_means() =>
        Shows(Compare(RevenueBaseline, RevenueTreatment, DifferenceKind.Absolute), 0.29, 0.12478, 0.04538, 0.53462, 0.02016);

    [Fact]
    public void Welchs_test_of_a_relative_difference_of_proportions() =>
        Shows(Compare(Moments.Proportion(28, 14), Moments.Proportion(30, 16), DifferenceKind.Relative), 0.06667, 0.27170, -0.47767, 0.61101, 0.80707);

    /// <summary>NIST/SEMATECH e-Handbook, section 1.3.5.3, AUTO83B.DAT: US against Japanese cars, t = −12.94627 unequal variances, 136.8750 degrees of freedom.</summary>
    [Fact]
    public void The_miles_per_gallon_of_the_NIST_handbook()
    {
        var us = new Moments(249, 20.14458, 6.41470 * 6.41470);
        var japan = new Moments(79, 30.48101, 6.10771 * 6.10771);
        var comparison = Compare(japan, us, DifferenceKind.Absolute);
        (comparison.Difference!.Value / comparison.StandardError!.Value).ShouldBe(-12.94627, 0.001);
        comparison.DegreesOfFreedom!.Value.ShouldBe(136.8750, 0.001);
    }

    /// <summary>Quantiles of Student's t in any printed table: 12.706 at 1 degree of freedom, 2.228 at 10, 2.042 at 30.</summary>
    [Theory]
    [InlineData(2, 1, 12.706)]
    [InlineData(11, 10, 2.228)]
    [InlineData(31, 30, 2.042)]
    public void The_interval_is_as_wide_as_the_table_says(int customers, int degrees, double quantile)
    {
        var comparison = Compare(new Moments(customers, 0, 1), new Moments(1_000_000_000, 0, 0), DifferenceKind.Absolute);
        comparison.DegreesOfFreedom!.Value.ShouldBe(degrees, 1e-6);
        (comparison.High!.Value / comparison.StandardError!.Value).ShouldBe(quantile, 0.0005);
    }

    /// <summary>The density of Student's t, summed up by Simpson's rule.</summary>
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(2.3, 17)]
    [InlineData(4, 40)]
    public void A_p_value_is_what_lies_behind_t(double statistic, int degrees)
    {
        var comparison = Compare(new Moments(degrees + 1, 0, degrees + 1), new Moments(1_000_000_000, statistic, 0), DifferenceKind.Absolute);
        const int steps = 200_000;
        const double end = 400;
        var width = (end - statistic) / steps;
        double Density(double x) => Math.Pow(1 + (x * x / degrees), -(degrees + 1) / 2.0);
        double Sum(double from, double by) => Enumerable.Range(0, steps + 1).Sum(step => (step is 0 or steps ? 1 : step % 2 == 1 ? 4 : 2) * Density(from + (step * by))) * by / 3;
        var tail = Sum(statistic, width) / Sum(0, end / steps);
        comparison.PValue!.Value.ShouldBe(tail, 1e-6);
    }

    /// <summary>By hand from the paper's equations: alpha 0.05, tuning 5,000, 10,000 customers, SE 0.01.</summary>
    [Fact]
    public void The_confidence_sequence_by_hand()
    {
        // −2 ln 0.05 = 5.991465; ρ² = (5.991465 + ln 6.991465) / 5000 = 0.00158722; nρ² + 1 = 16.8722.
        // √(2 · 16.8722 / 15.8722 · ln(√16.8722 / 0.05)) = √(2.126006 · 4.408578) = 3.061494.
        var half = new Moments(5000, 0, 0.25);
        var comparison = Comparison.Of(half, half with { Mean = 0.02 }, new ComparisonOptions { Method = ComparisonMethod.Sequential });
        comparison.StandardError!.Value.ShouldBe(0.01, 1e-12);
        comparison.Low!.Value.ShouldBe(0.02 - 0.030615, 2e-5);
        comparison.High!.Value.ShouldBe(0.02 + 0.030615, 2e-5);
        // ln E = 0.00158722 · 10,000 · 4 / (2 · 16.8722) − ½ ln 16.8722 = 1.88146 − 1.41282 = 0.46864.
        comparison.PValue!.Value.ShouldBe(Math.Exp(-0.46864), 1e-4);
    }

    /// <summary>Φ(2) = 0.97725; the expected loss at two deviations is φ(2) − 2Φ(−2) = 0.053991 − 0.045500 = 0.008491 deviations.</summary>
    [Fact]
    public void A_flat_prior_leaves_the_normal_distribution_of_the_effect()
    {
        var comparison = Comparison.Of(new Moments(100, 0, 0), new Moments(100, 2, 100), new ComparisonOptions { Method = ComparisonMethod.Bayesian });
        comparison.ChanceToWin!.Value.ShouldBe(0.97725, 5e-6);
        comparison.ExpectedLoss!.Value.ShouldBe(0.008491, 5e-6);
        comparison.Low!.Value.ShouldBe(2 - 1.959964, 5e-6);
    }

    /// <summary>A prior as precise as what was seen meets it halfway, with half of the variance.</summary>
    [Fact]
    public void A_prior_is_weighed_by_its_precision()
    {
        var comparison = Comparison.Of(
            new Moments(100, 0, 0), new Moments(100, 2, 100), new ComparisonOptions { Method = ComparisonMethod.Bayesian, Prior = new EffectPrior(0, 1) });
        comparison.Difference!.Value.ShouldBe(1, 1e-12);
        comparison.StandardError!.Value.ShouldBe(Math.Sqrt(0.5), 1e-12);
    }

    /// <summary>Draws from the posterior, whose mean and variance are the weighted ones of prior and figures: 0.6 and 0.05.</summary>
    [Fact]
    public void Chance_to_win_expected_loss_and_interval_are_those_of_draws_from_the_posterior()
    {
        // Prior N(−0.4, 0.1); seen 1.6 with SE² 0.1: precision 10 + 10, mean (−4 + 16)/20.
        var comparison = Comparison.Of(
            new Moments(100, 0, 5), new Moments(100, 1.6, 5), new ComparisonOptions { Method = ComparisonMethod.Bayesian, Prior = new EffectPrior(-0.4, 0.1) });
        var made = new MadeCustomers(31);
        const int draws = 400_000;
        var effects = Enumerable.Range(0, draws).Select(_ => 0.6 + (Math.Sqrt(0.05) * made.Normal())).Order().ToArray();
        comparison.Difference!.Value.ShouldBe(0.6, 1e-12);
        comparison.ChanceToWin!.Value.ShouldBe(effects.Count(static effect => effect > 0) / (double)draws, 0.0005);
        comparison.ExpectedLoss!.Value.ShouldBe(effects.Average(static effect => Math.Max(0, -effect)), 0.00005);
        comparison.Low!.Value.ShouldBe(effects[draws / 40], 0.005);
        comparison.High!.Value.ShouldBe(effects[draws * 39 / 40], 0.005);
    }

    private static Comparison Compare(Moments baseline, Moments treatment, DifferenceKind kind) =>
        Comparison.Of(baseline, treatment, new ComparisonOptions { Difference = kind });

    private static void Shows(Comparison comparison, double difference, double error, double low, double high, double p)
    {
        comparison.Difference!.Value.ShouldBe(difference, 5e-6);
        comparison.StandardError!.Value.ShouldBe(error, 5e-6);
        comparison.Low!.Value.ShouldBe(low, 5e-6);
        comparison.High!.Value.ShouldBe(high, 5e-6);
        comparison.PValue!.Value.ShouldBe(p, 5e-6);
    }
}
