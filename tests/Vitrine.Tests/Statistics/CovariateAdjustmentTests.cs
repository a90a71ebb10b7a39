using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class CovariateAdjustmentTests
{
    /// <summary>A covariate that correlates by ρ takes ρ² of the variance away (Deng et al. 2013, equation 5).</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.8)]
    public void The_variance_falls_by_the_square_of_the_correlation(double correlation)
    {
        var made = new MadeCustomers(1);
        var adjustment = CovariateAdjustment.Of([.. new[] { 0.0, 0.1 }.Select(effect => Correlated(made, 20_000, correlation, effect))], MetricKind.Mean);
        adjustment.VarianceRemoved.ShouldBe(correlation * correlation, 0.02);
        adjustment.Theta.ShouldBe(correlation, 0.02);
        adjustment.Reason.ShouldBeNull();
        adjustment.Moments[0].Variance.ShouldBe(1 - (correlation * correlation), 0.03);
    }

    [Fact]
    public void The_effect_stays_what_it_is()
    {
        const int experiments = 200;
        var made = new MadeCustomers(2);
        var (plain, adjusted) = (new List<double>(), new List<double>());
        for (var experiment = 0; experiment < experiments; experiment++)
        {
            var (baseline, treatment) = (Correlated(made, 200, 0.8, 0), Correlated(made, 200, 0.8, 0.5));
            var adjustment = CovariateAdjustment.Of([baseline, treatment], MetricKind.Mean);
            plain.Add((treatment.Sum / treatment.Count) - (baseline.Sum / baseline.Count));
            adjusted.Add(adjustment.Moments[1].Mean - adjustment.Moments[0].Mean);
        }

        adjusted.Average().ShouldBe(0.5, 0.02);
        Spread(adjusted).ShouldBeLessThan(Spread(plain) * 0.7); // √(1 − 0.8²) = 0.6.
    }

    [Fact]
    public void A_ratio_is_adjusted_by_what_its_customers_did_before()
    {
        const int experiments = 300;
        var made = new MadeCustomers(3);
        var (differences, errors) = (new List<double>(), new List<double>());
        var plainErrors = new List<double>();
        for (var experiment = 0; experiment < experiments; experiment++)
        {
            MetricSums[] arms = [Browsing(made, 500), Browsing(made, 500)];
            var adjustment = CovariateAdjustment.Of(arms, MetricKind.Ratio);
            differences.Add(adjustment.Moments[1].Mean - adjustment.Moments[0].Mean);
            errors.Add(Math.Sqrt(adjustment.Moments[0].SquaredError + adjustment.Moments[1].SquaredError));
            plainErrors.Add(Math.Sqrt(arms[0].Moments(MetricKind.Ratio).SquaredError + arms[1].Moments(MetricKind.Ratio).SquaredError));
        }

        Math.Abs(differences.Average()).ShouldBeLessThan(4 * errors.Average() / Math.Sqrt(experiments));
        Spread(differences).ShouldBe(errors.Average(), errors.Average() * 0.15); // The error that is told is the error there is.
        errors.Average().ShouldBeLessThan(plainErrors.Average() * 0.9);
    }

    [Fact]
    public void Without_anything_that_they_did_before_nothing_is_adjusted_and_it_says_so()
    {
        var made = new MadeCustomers(4);
        MetricSums[] arms = [made.Proportion(100, 0.3), made.Proportion(100, 0.4)];
        var adjustment = CovariateAdjustment.Of(arms, MetricKind.Proportion);
        adjustment.Reason.ShouldNotBeNull();
        adjustment.Moments.ShouldBe(arms.Select(static arm => arm.Moments(MetricKind.Proportion)));
        CovariateAdjustment.Of([new MetricSums(), new MetricSums()], MetricKind.Mean).Reason.ShouldNotBeNull();
    }

    /// <summary>A tenth is no binary number: adding a thousand of them rounds, which is no difference between customers.</summary>
    [Fact]
    public void Customers_who_all_did_the_same_before_do_not_differ_by_what_is_rounded()
    {
        var number = 0;
        MetricSums[] arms = [MadeCustomers.Sums(1000, () => (number++ % 2, 0, 0.1)), MadeCustomers.Sums(999, () => (number++ % 2, 0, 0.1))];
        CovariateAdjustment.Of(arms, MetricKind.Mean).Reason.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(MetricKind.Mean)]
    [InlineData(MetricKind.Ratio)]
    public void Figures_beyond_all_numbers_adjust_nothing(MetricKind kind)
    {
        var number = 0;
        double[] values = [1e200, -1e200, 3];
        MetricSums[] arms = [MadeCustomers.Sums(3, () => (values[number], 1e180 * (1 + number), values[number++])), new MetricSums()];
        var adjustment = CovariateAdjustment.Of(arms, kind);
        (adjustment.Theta, adjustment.VarianceRemoved).ShouldBe((0, 0));
        adjustment.Reason.ShouldNotBeNull();
        adjustment.Moments.ShouldBe(arms.Select(arm => arm.Moments(kind)));
    }

    /// <summary>Three customers each, by hand: θ pools what customers differ by within their variation, so the effect of 10 stays out of it.</summary>
    [Fact]
    public void Theta_by_hand()
    {
        // p 0, 1, 2 and x 0, 2, 4 against p 1, 2, 3 and x 10, 11, 12: within, Σ(p−p̄)² = 2 + 2 and Σ(p−p̄)(x−x̄) = 4 + 2.
        var (one, another) = (new MetricSums(), new MetricSums());
        for (var customer = 0; customer < 3; customer++)
        {
            one.Add(2 * customer, 0, customer);
            another.Add(10 + customer, 0, 1 + customer);
        }

        var adjustment = CovariateAdjustment.Of([one, another], MetricKind.Mean);
        adjustment.Theta.ShouldBe(1.5, 1e-12);
        // p̄ is 1.5 over all: 2 − 1.5 · (1 − 1.5) and 11 − 1.5 · (2 − 1.5).
        adjustment.Moments.Select(static moments => Math.Round(moments.Mean, 10)).ShouldBe([2.75, 10.25]);
        // Of x 2 · (4 + 1)/2, left over: (2 − 1.5)² and (1 − 1.5)² of each p, ¼ of 5/2.
        adjustment.VarianceRemoved.ShouldBe(0.9, 1e-12);
    }

    private static MetricSums Correlated(MadeCustomers made, int customers, double correlation, double effect) => MadeCustomers.Sums(customers, () =>
    {
        var before = made.Normal();
        return ((correlation * before) + (Math.Sqrt(1 - (correlation * correlation)) * made.Normal()) + effect, 0, before);
    });

    /// <summary>Customers who click as gladly as they did before.</summary>
    private static MetricSums Browsing(MadeCustomers made, int customers) => MadeCustomers.Sums(customers, () =>
    {
        var eagerness = made.Uniform() * 0.6;
        var (clicks, impressions, before) = (0, 1 + made.Times(5), 0);
        for (var impression = 0; impression < impressions; impression++)
        {
            clicks += made.Happens(eagerness) ? 1 : 0;
        }

        for (var impression = 0; impression < 20; impression++)
        {
            before += made.Happens(eagerness) ? 1 : 0;
        }

        return (clicks, impressions, before);
    });

    private static double Spread(List<double> values) =>
        Math.Sqrt(values.Sum(value => (value - values.Average()) * (value - values.Average())) / (values.Count - 1));
}
