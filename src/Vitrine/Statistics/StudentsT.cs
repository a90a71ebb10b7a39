using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Vitrine.Statistics;

/// <summary>The tails of Student's t-distribution, for any degrees of freedom from 1 on, however far out.</summary>
/// <remarks>
/// The library's own quantile is searched for between −800 and 800 with an absolute tolerance: at one degree of freedom it
/// finds none below an alpha of 0.0008, and far out it answers 800. Its probability subtracts logarithms of factorials
/// that grow with the degrees of freedom, and has four digits left at 10¹².
/// </remarks>
internal static class StudentsT
{
    /// <summary>From here on t is turned into a normal deviate, which is exact to ten digits by then, and to seven where the tail is 10⁻¹⁸⁰.</summary>
    private const double ManyDegrees = 10_000;

    private const int MostSteps = 60;

    /// <summary>What a step may still change, relative to the value; what is rounded in the tails is a little less.</summary>
    private const double Enough = 1e-12;

    /// <summary>The chance of a value beyond <paramref name="value"/>, which is not negative.</summary>
    public static double UpperTail(double value, double degrees)
    {
        var relative = value / degrees * value; // t²/ν
        return degrees >= ManyDegrees ? Normal.CDF(0, 1, -Deviate(relative, degrees))
            : value < 1 ? 0.5 - (0.5 * SpecialFunctions.BetaRegularized(0.5, degrees / 2, relative / (1 + relative)))
            : 0.5 * SpecialFunctions.BetaRegularized(degrees / 2, 0.5, 1 / (1 + relative));
    }

    /// <summary>
    /// The value that is exceeded with the chance <paramref name="tail"/>, above 0 and at most ½; infinite where it or its
    /// density is beyond what numbers can hold.
    /// </summary>
    /// <remarks>
    /// Newton's method for the logarithm of the tail in the logarithm of the value. That curve falls and is concave, so from
    /// the second step on the values come down to the solution and never pass it; near one half, where rounding makes the
    /// curve uneven, the number of steps ends the search.
    /// </remarks>
    public static double UpperQuantile(double tail, double degrees)
    {
        var value = -Normal.InvCDF(0, 1, tail);
        for (var step = 0; step < MostSteps && value > 0 && double.IsFinite(value); step++)
        {
            var (chance, density) = (UpperTail(value, degrees), value * StudentT.PDF(0, 1, degrees, value));
            if (chance <= 0 || density <= 0)
            {
                return double.PositiveInfinity;
            }

            var change = Math.Log(chance / tail) * chance / density;
            value *= Math.Exp(change);
            if (Math.Abs(change) < Enough)
            {
                break;
            }
        }

        return double.IsNaN(value) ? double.PositiveInfinity : Math.Max(0, value);
    }

    /// <summary>
    /// The normal deviate with the same tail: the leading terms of Hill's expansion (G. W. Hill, <i>Algorithm 395:
    /// Student's t-distribution</i>, Communications of the ACM 13, 1970). What it leaves out shrinks with ν⁻⁴.
    /// </summary>
    private static double Deviate(double relative, double degrees)
    {
        var shifted = degrees - 0.5;
        var square = shifted * LogarithmOfOneAnd(relative);
        return Math.Sqrt(square) * (1 + ((square + 3) / (48 * shifted * shifted)));
    }

    /// <summary>
    /// ln(1 + x) without the digits that 1 + x loses of a small x, by which the logarithm is corrected (Goldberg, <i>What Every
    /// Computer Scientist Should Know About Floating-Point Arithmetic</i>, theorem 4).
    /// </summary>
    private static double LogarithmOfOneAnd(double x) =>
        1 + x is var sum && sum == 1 ? x
        : double.IsInfinity(sum) ? sum
        : Math.Log(sum) * (x / (sum - 1));
}
