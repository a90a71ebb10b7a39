using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class PowerTests
{
    /// <summary>(1.959964 + 0.841621)² = 7.848880, in every textbook rounded to 7.85: n = 2 · 7.85 · σ²/δ².</summary>
    /// <summary>Once as many customers have come, the effect is just what a sequence shows with that chance.</summary>
    [Theory]
    [InlineData(2_000, 2.9)]
    [InlineData(5_000, 2.5)]
    public void A_sequence_takes_as_many_customers_as_its_width_says(double customers, double standing)
    {
        const double error = 0.01;
        var days = Power.DaysToGoOfSequence(customers, error, standing * error, 100, 0.05, 5_000)!.Value;
        days.ShouldBeGreaterThan(Power.DaysToGo(customers, error, standing * error, 100, 0.05)!.Value);
        var then = customers + (100 * days);
        Power.MinimalDetectableEffectOfSequence(then, error * Math.Sqrt(customers / then), 0.05, 5_000).ShouldBe(standing * error, 1e-9);
    }

    [Fact]
    public void The_textbooks_sixteen_sigma_squared_over_delta_squared()
    {
        Power.CustomersPerVariation(1, 1, 0.1, 0.05).ShouldBe(1570);
        Power.CustomersPerVariation(1, 1, 0.1, 0.05, 0.9).ShouldBe(2102); // 2 · (1.959964 + 1.281552)² · 100 = 2,101.5.
    }

    /// <summary>
    /// Chow, Shao, Wang, <i>Sample Size Calculations in Clinical Research</i> (2nd edition, 2008), the examples of two parallel
    /// groups: shares of 0.65 and 0.85 take 70 patients each, means of 5 and 10 with a deviation of 10 take 63.
    /// </summary>
    [Fact]
    public void The_examples_of_a_textbook()
    {
        Power.CustomersPerVariation(0.65 * 0.35, 0.85 * 0.15, 0.2, 0.05).ShouldBe(70);
        Power.CustomersPerVariation(100, 100, 5, 0.05).ShouldBe(63);
    }

    /// <summary>Half as many customers of the treatment: 7.848880 · (1 + 1/0.5) · 100 = 2,354.7 of the baseline.</summary>
    [Fact]
    public void Variations_need_not_be_equally_large()
    {
        Power.CustomersPerVariation(1, 1, 0.1, 0.05, ratio: 0.5).ShouldBe(2355);
        Power.MinimalDetectableEffect(new Moments(10, 0, 1), 2355, new Moments(10, 0, 1), 2355 * 0.5, 0.05).ShouldBe(0.1, 1e-4);
    }

    [Fact]
    public void What_cannot_be_planned_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.CustomersPerVariation(1, 1, 0, 0.05));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.CustomersPerVariation(1, 1, 0.1, 1));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.CustomersPerVariation(1, 1, 0.1, 0.05, 0));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.CustomersPerVariation(-1, 1, 0.1, 0.05));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.CustomersPerVariation(1, 1, 0.1, 0.05, ratio: 0));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.MinimalDetectableEffect(double.NaN, 0.05));
        Should.Throw<ArgumentOutOfRangeException>(static () => Power.MinimalDetectableEffect(default, 0, default, 10, 0.05));
    }

    [Fact]
    public void The_effect_that_so_many_customers_show_needs_so_many_customers()
    {
        const double variance = 0.2;
        const int customers = 40_000;
        var effect = Power.MinimalDetectableEffect(Math.Sqrt(2 * variance / customers), 0.05);
        Power.CustomersPerVariation(variance, variance, effect, 0.05).ShouldBe(customers, 1);
    }

    [Theory]
    [InlineData(1.0, 0)] // Large enough already.
    [InlineData(0.014007926, 30)] // Half of what is seen now takes four times as many customers.
    public void Days_to_go_are_what_is_missing_at_the_present_rate(double effect, double days)
    {
        Power.MinimalDetectableEffect(0.01, 0.05).ShouldBe(0.028015852, 1e-8);
        Power.DaysToGo(1000, 0.01, effect, 100, 0.05)!.Value.ShouldBe(days, 1e-4);
    }

    [Theory]
    [InlineData(0.01, 0)] // Nobody comes.
    [InlineData(0, 100)] // There is nothing to be seen.
    public void Days_to_go_are_not_known_where_it_would_take_for_ever(double effect, double perDay) =>
        Power.DaysToGo(1000, 0.01, effect, perDay, 0.05).ShouldBeNull();
}
