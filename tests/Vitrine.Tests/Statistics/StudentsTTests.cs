using CsCheck;
using Vitrine.Statistics;

namespace Vitrine.Tests.Statistics;

public sealed class StudentsTTests
{
    /// <summary>At one degree of freedom it is Cauchy's distribution, at two there is a closed form too.</summary>
    [Theory]
    [InlineData(0.4999999)]
    [InlineData(0.3)]
    [InlineData(0.025)]
    [InlineData(5e-5)]
    [InlineData(5e-13)]
    [InlineData(5e-91)]
    public void The_closed_forms_of_one_and_two_degrees(double tail)
    {
        var cauchy = 1 / Math.Tan(Math.PI * tail);
        StudentsT.UpperQuantile(tail, 1).ShouldBe(cauchy, cauchy * 1e-8);
        var two = (1 - (2 * tail)) / Math.Sqrt(2 * tail * (1 - tail));
        StudentsT.UpperQuantile(tail, 2).ShouldBe(two, two * 1e-8);
    }

    /// <summary>Printed tables (NIST/SEMATECH e-Handbook, section 1.3.6.7.2, upper 0.025 and 0.005).</summary>
    [Theory]
    [InlineData(1, 12.706, 63.657)]
    [InlineData(5, 2.571, 4.032)]
    [InlineData(30, 2.042, 2.750)]
    [InlineData(100, 1.984, 2.626)]
    [InlineData(1e9, 1.960, 2.576)]
    public void The_tables(double degrees, double quantile, double farther)
    {
        StudentsT.UpperQuantile(0.025, degrees).ShouldBe(quantile, 0.0006);
        StudentsT.UpperQuantile(0.005, degrees).ShouldBe(farther, 0.0006);
    }

    /// <summary>Worked out to sixty digits with mpmath from the incomplete beta function.</summary>
    [Theory]
    [InlineData(4, 2, 0.116116523516816)]
    [InlineData(20, 30, 4.19522532399966e-18)]
    [InlineData(1998, 5, 6.23341519876779e-7)]
    [InlineData(9999, 30, 2.04802805218659e-189)]
    [InlineData(10_000, 0.01, 0.992021486849356)]
    [InlineData(10_000, 30, 2.04432704742557e-189)]
    [InlineData(1e6, 2, 0.0455005338513192)]
    [InlineData(1e12, 2, 0.0455002638966284)]
    public void Both_tails(double degrees, double value, double tails)
    {
        var found = 2 * StudentsT.UpperTail(value, degrees);
        found.ShouldBe(tails, tails * (tails < 1e-50 ? 1e-7 : 1e-9));
    }

    /// <summary>Worked out to sixty digits with mpmath.</summary>
    [Theory]
    [InlineData(4, 1e-20, 156508.45799668)]
    [InlineData(20, 1e-90, 129662.660796191)]
    [InlineData(1998, 1e-90, 21.2782580893982)]
    [InlineData(1998, 0.999999, 1.25347096820907e-6)]
    public void Quantiles_far_out_and_close_to_the_middle(double degrees, double alpha, double quantile) =>
        StudentsT.UpperQuantile(alpha / 2, degrees).ShouldBe(quantile, quantile * 1e-8);

    [Fact]
    public void A_quantile_is_where_its_tail_begins() => Gen.Select(Gen.Double[-90, Math.Log10(0.49)], Gen.Double[0, 12]).Sample(
        static (exponent, size) =>
        {
            var (tail, degrees) = (Math.Pow(10, exponent), Math.Pow(10, size));
            StudentsT.UpperTail(StudentsT.UpperQuantile(tail, degrees), degrees).ShouldBe(tail, tail * (tail < 1e-50 ? 1e-7 : 1e-9));
        },
        iter: 2_000);

    [Fact]
    public void Where_the_two_ways_of_reckoning_meet_there_is_no_step()
    {
        foreach (var value in new[] { 0.001, 0.999999, 1, 2, 5, 20, 35 })
        {
            var (below, above) = (StudentsT.UpperTail(value, 9_999.999), StudentsT.UpperTail(value, 10_000));
            above.ShouldBe(below, below * 1e-5 * Math.Max(1e-4, Math.Pow(value, 4) / 4e3)); // d ln p/dν is t⁴/4ν² at most.
        }
    }

    [Fact]
    public void What_no_number_holds_is_infinite() => StudentsT.UpperQuantile(1e-310, 1).ShouldBe(double.PositiveInfinity);
}
