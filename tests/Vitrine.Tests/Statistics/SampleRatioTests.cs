using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class SampleRatioTests
{
    /// <summary>χ² tables: 10.828 at one degree of freedom, 13.816 at two, 16.266 at three have p = 0.001.</summary>
    [Theory]
    [InlineData(1, 10.828)]
    [InlineData(2, 13.816)]
    [InlineData(3, 16.266)]
    public void The_threshold_is_where_the_tables_have_it(int degrees, double statistic)
    {
        // One variation has too many, another as many too few: 2 · (x − e)²/e = statistic.
        const double expected = 1e12;
        var observed = Enumerable.Repeat((long)expected, degrees + 1).ToArray();
        observed[0] += (long)Math.Sqrt(statistic * expected / 2);
        observed[1] -= (long)Math.Sqrt(statistic * expected / 2);
        var test = SampleRatio.OfExpected(observed, [.. Enumerable.Repeat(expected, degrees + 1)]);
        test.DegreesOfFreedom.ShouldBe(degrees);
        test.PValue.ShouldBe(0.001, 5e-7);
    }

    /// <summary>Mendel's peas, as in many textbooks: 315, 108, 101 and 32 against 9:3:3:1 give χ² = 0.470 and p = 0.925.</summary>
    [Fact]
    public void Mendels_peas()
    {
        var test = SampleRatio.OfShares([315, 108, 101, 32], [9, 3, 3, 1]);
        test.ChiSquared.ShouldBe(0.470, 0.0005);
        test.PValue.ShouldBe(0.925, 0.0005);
        test.Expected.ShouldBe([312.75, 104.25, 104.25, 34.75]);
        test.IsMismatch.ShouldBeFalse();
    }

    [Fact]
    public void A_p_value_below_what_one_less_a_number_can_tell_is_still_one()
    {
        var test = SampleRatio.OfShares([52_000, 48_000], [1, 1]);
        test.PValue.ShouldBeInRange(1e-37, 1e-35); // χ² = 160.
        test.IsMismatch.ShouldBeTrue();
    }

    /// <summary>
    /// Shares may change while an experiment runs: 1,000 customers came at 50:50 and 2,000 at 80:20, so 2,100 : 900 are
    /// expected. χ² = 10²/2,100 + 10²/900 = 0.158730; at one degree of freedom p = erfc(√(χ²/2)) = 0.69033.
    /// </summary>
    [Fact]
    public void Expected_customers_may_be_given_where_shares_changed()
    {
        var test = SampleRatio.OfExpected([2110, 890], [2100, 900]);
        test.ChiSquared.ShouldBe(0.158730, 5e-7);
        test.PValue.ShouldBe(0.69033, 5e-6);
        Should.Throw<ArgumentException>(static () => SampleRatio.OfExpected([50, 50], [10, 10])).Message.ShouldContain("as many");
    }

    public static TheoryData<long[], double[], string> Unfit { get; } = new()
    {
        { [-5, 5], [1, 1], "negative" },
        { [5, 5, 0], [1, 1, -1], "negative" },
        { [5, 5], [1, double.NaN], "negative" },
        { [5, 5], [1, double.PositiveInfinity], "negative" },
        { [5, 5], [1, 1, 1], "one of each" },
        { [0, 0], [0, 0], "Fewer than two" },
        { [], [], "Fewer than two" },
        { [5, 5], [1e60, 1e-300], "no share" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_spread_that_is_none_is_refused_and_says_why(long[] observed, double[] shares, string reason) =>
        Should.Throw<ArgumentException>(() => SampleRatio.OfShares(observed, shares)).Message.ShouldContain(reason);

    [Fact]
    public void Shares_and_customers_may_be_as_large_as_numbers_are()
    {
        SampleRatio.OfShares([5, 5], [double.MaxValue, double.MaxValue]).PValue.ShouldBe(1);
        SampleRatio.OfShares([long.MaxValue, long.MaxValue], [1, 1]).PValue.ShouldBe(1);
        var test = SampleRatio.OfShares([5, long.MaxValue], [1, 1e-300]);
        test.PValue.ShouldBe(0);
        test.ChiSquared.ShouldBeLessThan(double.PositiveInfinity);
    }

    [Fact]
    public void Nobody_at_all_is_spread_as_should_be() => SampleRatio.OfShares([0, 0], [1, 1]).PValue.ShouldBe(1);

    [Fact]
    public void A_variation_without_a_share_does_not_count_and_must_be_empty()
    {
        SampleRatio.OfShares([50, 50, 0], [1, 1, 0]).DegreesOfFreedom.ShouldBe(1);
        Should.Throw<ArgumentException>(static () => SampleRatio.OfShares([50, 50, 1], [1, 1, 0]));
        Should.Throw<ArgumentException>(static () => SampleRatio.OfShares([50, 0], [1, 0]));
    }
}
