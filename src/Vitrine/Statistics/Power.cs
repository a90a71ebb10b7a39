using MathNet.Numerics.Distributions;

namespace Vitrine.Statistics;

/// <summary>How many customers it takes to see an effect, and how small an effect so many customers show.</summary>
public static class Power
{
    /// <summary>The chance to see an effect that is there, by default.</summary>
    public const double Default = 0.8;

    /// <summary>(z_{1−α/2} + z_power)·SE: the smallest effect that is seen with that chance.</summary>
    /// <param name="standardError">Of the difference.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    public static double MinimalDetectableEffect(double standardError, double alpha, double power = Default) =>
        Quantiles(alpha, power) * standardError;

    /// <summary>Customers that each variation needs, so that a difference is seen with the chance <paramref name="power"/>.</summary>
    /// <param name="baselineVariance">Of one customer of the baseline.</param>
    /// <param name="treatmentVariance">Of one customer of the treatment.</param>
    /// <param name="difference">The absolute difference, not 0.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    public static double CustomersPerVariation(
        double baselineVariance, double treatmentVariance, double difference, double alpha, double power = Default)
    {
        var quantiles = Quantiles(alpha, power) / difference;
        return Math.Max(2, Math.Ceiling(quantiles * quantiles * (baselineVariance + treatmentVariance)));
    }

    /// <summary>
    /// Days until as many customers are there as make <paramref name="effect"/> the smallest one that is seen, if they go
    /// on coming as they do; 0 when they are there already, null when nobody comes or the effect is none.
    /// </summary>
    /// <param name="customers">Customers of both variations now.</param>
    /// <param name="standardError">Of the difference now.</param>
    /// <param name="effect">The difference that is to be seen.</param>
    /// <param name="customersPerDay">New ones of both variations in a day.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    public static double? DaysToGo(
        double customers, double standardError, double effect, double customersPerDay, double alpha, double power = Default)
    {
        var ratio = MinimalDetectableEffect(standardError, alpha, power) / effect;
        var missing = customers * ((ratio * ratio) - 1);
        return missing <= 0 ? 0
            : customersPerDay > 0 && double.IsFinite(missing) ? missing / customersPerDay
            : null;
    }

    private static double Quantiles(double alpha, double power) => Normal.InvCDF(0, 1, power) - Normal.InvCDF(0, 1, alpha / 2);
}
