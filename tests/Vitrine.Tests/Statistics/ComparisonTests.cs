using CsCheck;
using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class ComparisonTests
{
    private static readonly Gen<double> Figure = Gen.OneOf(Gen.Double[-1e60, 1e60], Gen.Double[-1, 1], Gen.Double[-1e-60, 1e-60], Gen.Double, Gen.Const(0.0));
    private static readonly Gen<Moments> AnyMoments = Gen.Select(
        Gen.OneOf(Gen.Long[0, 5], Gen.Long[0, 1_000_000_000_000]), Figure, Figure, static (count, mean, variance) => new Moments(count, mean, Math.Abs(variance))); // Any number, no number and the infinite among them.

    private static readonly Gen<ComparisonOptions> AnyOptions = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 1], Gen.OneOf(Gen.Double[0.0001, 0.9], Gen.Double[-300, -1].Select(static exponent => Math.Pow(10, exponent))), Gen.Double[1, 1e7], Gen.Bool,
        static (method, difference, alpha, tuning, prior) => new ComparisonOptions
        {
            Method = (ComparisonMethod)method,
            Difference = (DifferenceKind)difference,
            Alpha = alpha,
            Tuning = tuning,
            Prior = prior ? new EffectPrior(0.1, 0.01) : null,
        });

    [Fact]
    public void No_figure_is_ever_infinite_or_no_number() => Gen.Select(AnyMoments, AnyMoments, AnyOptions).Sample(
        static (baseline, treatment, options) =>
        {
            var comparison = Comparison.Of(baseline, treatment, options);
            double?[] figures =
            [
                comparison.Difference, comparison.Low, comparison.High, comparison.StandardError, comparison.PValue, comparison.ChanceToWin,
                comparison.ExpectedLoss, comparison.DegreesOfFreedom, comparison.MeanBaseline, comparison.MeanTreatment,
            ];
            foreach (var figure in figures)
            {
                (figure is null || double.IsFinite(figure.Value)).ShouldBeTrue($"{comparison}");
            }

            (comparison.Low is null).ShouldBe(comparison.Trouble is not null);
            (comparison.PValue is null or (>= 0 and <= 1) && comparison.ChanceToWin is null or (>= 0 and <= 1)).ShouldBeTrue($"{comparison}");
        },
        iter: 20_000);

    [Fact]
    public void The_interval_holds_the_difference_and_a_small_p_value_means_that_it_leaves_out_zero() =>
        Gen.Select(Gen.Long[2, 100_000], Gen.Long[2, 100_000], Gen.Double[-1, 1], Gen.Double[0.001, 10], AnyOptions).Sample(
            static (one, another, mean, variance, options) =>
            {
                var comparison = Comparison.Of(
                    new Moments(one, 0.5, variance), new Moments(another, mean, variance), options with { Prior = null, Difference = DifferenceKind.Absolute });
                if (comparison.Trouble is not null)
                {
                    comparison.Trouble.ShouldBe(ComparisonTrouble.OutOfRange);
                    options.Alpha.ShouldBeLessThan(1e-100); // Few customers, and an interval beyond all numbers.
                    return;
                }

                comparison.Difference!.Value.ShouldBeInRange(comparison.Low!.Value, comparison.High!.Value);
                if (comparison.PValue is { } p && Math.Abs(p - options.Alpha) > 1e-7 * options.Alpha)
                {
                    (p < options.Alpha).ShouldBe(comparison.Low > 0 || comparison.High < 0, $"{comparison} {options}");
                }
            },
            iter: 20_000);

    [Fact]
    public void Swapping_the_variations_turns_an_absolute_difference_round() => Gen.Select(AnyMoments, AnyMoments, AnyOptions).Sample(
        static (baseline, treatment, options) =>
        {
            options = options with { Difference = DifferenceKind.Absolute, Prior = null };
            var (forth, back) = (Comparison.Of(baseline, treatment, options), Comparison.Of(treatment, baseline, options));
            back.Trouble.ShouldBe(forth.Trouble);
            if (forth.Trouble is null)
            {
                back.Difference.ShouldBe(-forth.Difference);
                back.PValue.ShouldBe(forth.PValue);
                back.StandardError.ShouldBe(forth.StandardError);
            }
        },
        iter: 5_000);

    public static TheoryData<Moments, Moments, DifferenceKind, ComparisonTrouble> Troubles { get; } = new()
    {
        { default, new Moments(10, 1, 1), DifferenceKind.Absolute, ComparisonTrouble.TooFewCustomers },
        { new Moments(1, 1, 0), new Moments(10, 1, 1), DifferenceKind.Absolute, ComparisonTrouble.TooFewCustomers },
        { new Moments(10, 1, 1), default, DifferenceKind.Relative, ComparisonTrouble.TooFewCustomers },
        { Moments.Proportion(10, 0), Moments.Proportion(10, 0), DifferenceKind.Absolute, ComparisonTrouble.NoVariance },
        { Moments.Proportion(10, 10), Moments.Proportion(10, 0), DifferenceKind.Absolute, ComparisonTrouble.NoVariance },
        { Moments.Proportion(10, 0), Moments.Proportion(10, 5), DifferenceKind.Relative, ComparisonTrouble.BaselineIsZero },
        { new Moments(10, 1e-200, 1), new Moments(10, 1e200, 1), DifferenceKind.Relative, ComparisonTrouble.OutOfRange },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void What_cannot_be_compared_has_a_reason(Moments baseline, Moments treatment, DifferenceKind kind, ComparisonTrouble trouble)
    {
        foreach (var method in Enum.GetValues<ComparisonMethod>())
        {
            var comparison = Comparison.Of(baseline, treatment, new ComparisonOptions { Method = method, Difference = kind });
            comparison.Trouble.ShouldBe(trouble);
            comparison.MeanBaseline.ShouldBe(baseline.Count == 0 ? null : baseline.Mean);
            comparison.MeanTreatment.ShouldBe(treatment.Count == 0 ? null : treatment.Mean);
            comparison.Difference.ShouldBe(trouble == ComparisonTrouble.NoVariance ? treatment.Mean - baseline.Mean : null);
            (comparison.Low ?? comparison.PValue ?? comparison.ChanceToWin).ShouldBeNull();
            trouble.Sentence().ShouldNotBeNullOrEmpty();
        }
    }

    public static TheoryData<ComparisonOptions> BadOptions { get; } = new()
    {
        new ComparisonOptions { Alpha = 0 },
        new ComparisonOptions { Alpha = 1 },
        new ComparisonOptions { Alpha = double.NaN },
        new ComparisonOptions { Tuning = 0 },
        new ComparisonOptions { Tuning = double.PositiveInfinity },
        new ComparisonOptions { Prior = new EffectPrior(0, 0) },
        new ComparisonOptions { Prior = new EffectPrior(double.NaN, 1) },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_outside_of_its_range_is_refused(ComparisonOptions options) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Comparison.Of(new Moments(10, 1, 1), new Moments(10, 1, 1), options));

    [Fact]
    public void A_proportion_of_more_than_all_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => Moments.Proportion(10, 11));
        Should.Throw<ArgumentOutOfRangeException>(static () => Moments.Proportion(10, -1));
    }

    [Fact]
    public void A_variance_is_not_negative_where_large_numbers_cancel_out() =>
        Moments.OfMean(3, 3 * 1e15, 3 * 1e30 * (1 - 1e-15)).Variance.ShouldBe(0);

    [Fact]
    public void The_p_value_of_an_enormous_difference_is_zero_and_not_less()
    {
        foreach (var method in new[] { ComparisonMethod.Frequentist, ComparisonMethod.Sequential })
        {
            Comparison.Of(new Moments(1_000_000, 0, 1), new Moments(1_000_000, 1e6, 1), new ComparisonOptions { Method = method }).PValue.ShouldBe(0);
        }
    }
}
