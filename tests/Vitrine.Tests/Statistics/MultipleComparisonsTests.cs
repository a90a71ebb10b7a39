using CsCheck;
using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class MultipleComparisonsTests
{
    /// <summary>Worked by hand: 0.01·4, 0.03·2 (0.02·3 is as much), 0.04 below it is raised.</summary>
    [Fact]
    public void Holms_values_by_hand() =>
        MultipleComparisons.Holm([0.04, 0.01, 0.03, 0.02]).Select(static p => Math.Round(p!.Value, 10)).ShouldBe([0.06, 0.04, 0.06, 0.06]);

    /// <summary>
    /// The fifteen p-values of Benjamini and Hochberg's example (1995, section 4.1; Neuhaus et al.): at 0.05 their procedure
    /// rejects four, Bonferroni's three.
    /// </summary>
    [Fact]
    public void The_example_of_Benjamini_and_Hochberg()
    {
        double?[] values =
        [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
        ];
        MultipleComparisons.BenjaminiHochberg(values).Count(static p => p <= 0.05).ShouldBe(4);
        MultipleComparisons.Holm(values).Count(static p => p <= 0.05).ShouldBe(3);
    }

    [Fact]
    public void What_has_no_p_value_does_not_count()
    {
        MultipleComparisons.Holm([null, 0.01, null, 0.04]).ShouldBe([null, 0.02, null, 0.04]);
        MultipleComparisons.BenjaminiHochberg([0.01, null]).ShouldBe([0.01, null]);
        MultipleComparisons.Holm([]).ShouldBeEmpty();
    }

    [Fact]
    public void Equal_values_stay_equal()
    {
        MultipleComparisons.Holm([0.01, 0.01, 0.01]).ShouldBe([0.03, 0.03, 0.03]);
        MultipleComparisons.BenjaminiHochberg([0.02, 0.02, 1]).Select(static p => Math.Round(p!.Value, 10)).ShouldBe([0.03, 0.03, 1]);
    }

    [Fact]
    public void Intervals_share_alpha_and_say_among_how_many()
    {
        MultipleComparisons.Share(0.05, 4).ShouldBe(new SharedAlpha(0.0125, 4));
        MultipleComparisons.Share(0.05, 0).ShouldBe(new SharedAlpha(0.05, 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void What_is_no_p_value_is_refused(double value)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => MultipleComparisons.Holm([0.1, value]));
        Should.Throw<ArgumentOutOfRangeException>(() => MultipleComparisons.BenjaminiHochberg([0.1, value]));
    }

    [Fact]
    public void Adjusted_values_are_no_smaller_keep_the_order_and_stay_within_one() => Gen.Double[0, 1].Array[0, 12].Sample(static values =>
    {
        var given = values.Select(static value => (double?)value).ToList();
        var (holm, hochberg) = (MultipleComparisons.Holm(given), MultipleComparisons.BenjaminiHochberg(given));
        for (var one = 0; one < values.Length; one++)
        {
            holm[one]!.Value.ShouldBeInRange(hochberg[one]!.Value - 1e-15, 1);
            hochberg[one]!.Value.ShouldBeGreaterThanOrEqualTo(values[one] - 1e-15);
            for (var another = 0; another < values.Length; another++)
            {
                if (values[one] < values[another])
                {
                    holm[one]!.Value.ShouldBeLessThanOrEqualTo(holm[another]!.Value);
                    hochberg[one]!.Value.ShouldBeLessThanOrEqualTo(hochberg[another]!.Value);
                }
            }
        }
    });
}
