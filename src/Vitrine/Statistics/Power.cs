using MathNet.Numerics.Distributions;

namespace Vitrine.Statistics;

/// <summary>How many customers it takes to see an effect, and how small an effect so many customers show.</summary>
/// <remarks>
/// Everywhere: alpha is the accepted chance of a false alarm and power the chance to see an effect that is there, both
/// above 0 and below 1; variances are those of one customer, not negative. Anything else is refused with an
/// <see cref="ArgumentOutOfRangeException"/>.
/// </remarks>
public static class Power
{
    /// <summary>The chance to see an effect that is there, by default.</summary>
    public const double Default = 0.8;

    /// <summary>(z_{1−α/2} + z_power)·SE: the smallest effect that is seen with that chance.</summary>
    /// <param name="standardError">Of the difference; not negative.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    public static double MinimalDetectableEffect(double standardError, double alpha, double power = Default)
    {
        ThrowIfNotFiniteOrNegative(standardError);
        return Quantiles(alpha, power) * standardError;
    }

    /// <summary>The smallest absolute difference that is seen with that chance once each variation has its planned customers.</summary>
    /// <param name="baseline">What is known of a customer of the baseline now.</param>
    /// <param name="plannedOfBaseline">The baseline's customers then: 1 or more.</param>
    /// <param name="treatment">What is known of a customer of the treatment now.</param>
    /// <param name="plannedOfTreatment">The treatment's customers then: 1 or more.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    public static double MinimalDetectableEffect(
        Moments baseline, double plannedOfBaseline, Moments treatment, double plannedOfTreatment, double alpha, double power = Default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plannedOfBaseline, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plannedOfTreatment, 1);
        return MinimalDetectableEffect(Math.Sqrt((baseline.Variance / plannedOfBaseline) + (treatment.Variance / plannedOfTreatment)), alpha, power);
    }

    /// <summary>
    /// Customers of the baseline that it takes to see a difference with the chance <paramref name="power"/>; the treatment
    /// needs <paramref name="ratio"/> times as many. At least 2; infinite where it takes more than a number holds.
    /// </summary>
    /// <param name="baselineVariance">Of one customer of the baseline.</param>
    /// <param name="treatmentVariance">Of one customer of the treatment.</param>
    /// <param name="difference">The absolute difference, not 0.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="power">The chance to see it.</param>
    /// <param name="ratio">Customers of the treatment for each of the baseline: above 0.</param>
    public static double CustomersPerVariation(
        double baselineVariance, double treatmentVariance, double difference, double alpha, double power = Default, double ratio = 1)
    {
        ThrowIfNotFiniteOrNegative(baselineVariance);
        ThrowIfNotFiniteOrNegative(treatmentVariance);
        if (!(ratio > 0 && double.IsFinite(ratio)))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "There must be customers of the treatment for each of the baseline.");
        }

        if (difference == 0 || !double.IsFinite(difference))
        {
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "No number of customers shows a difference of nothing.");
        }

        var quantiles = Quantiles(alpha, power) / difference;
        return Math.Max(2, Math.Ceiling(quantiles * quantiles * (baselineVariance + (treatmentVariance / ratio))));
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
            : customersPerDay > 0 && double.IsFinite(missing / customersPerDay) ? missing / customersPerDay
            : null;
    }

    /// <summary>
    /// The smallest effect that a confidence sequence leaves 0 out for with the chance <paramref name="power"/>, at so many
    /// customers: half its width and z_power·SE.
    /// </summary>
    /// <param name="customers">Of both variations together.</param>
    /// <param name="standardError">Of the difference; not negative.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="tuning">Customers at whom the sequence is tightest.</param>
    /// <param name="power">The chance to see it.</param>
    public static double MinimalDetectableEffectOfSequence(double customers, double standardError, double alpha, double tuning, double power = Default)
    {
        ThrowIfNotFiniteOrNegative(standardError);
        return Comparison.HalfOfSequence(standardError, customers, alpha, tuning) + (Math.Max(0, Normal.InvCDF(0, 1, power)) * standardError);
    }

    /// <summary>
    /// Days until a confidence sequence shows an effect with that chance: until the smallest effect that it shows has come
    /// down to it, the standard error falling with the root of the customers. Null where that takes for ever.
    /// </summary>
    /// <param name="customers">Of both variations now.</param>
    /// <param name="standardError">Of the difference now.</param>
    /// <param name="effect">The difference that is to be seen.</param>
    /// <param name="customersPerDay">New ones of both variations in a day.</param>
    /// <param name="alpha">The accepted chance of a false alarm.</param>
    /// <param name="tuning">Customers at whom the sequence is tightest.</param>
    /// <param name="power">The chance to see it.</param>
    public static double? DaysToGoOfSequence(
        double customers, double standardError, double effect, double customersPerDay, double alpha, double tuning, double power = Default)
    {
        double Smallest(double count) => MinimalDetectableEffectOfSequence(count, standardError * Math.Sqrt(customers / count), alpha, tuning, power);
        if (Smallest(customers) <= effect)
        {
            return 0;
        }

        var (few, many) = (customers, 2 * customers);
        while (Smallest(many) > effect)
        {
            (few, many) = (many, 2 * many);
            if (!double.IsFinite(many) || many > 1e18)
            {
                return null;
            }
        }

        for (var step = 0; step < 60; step++)
        {
            var middle = (few + many) / 2;
            (few, many) = Smallest(middle) > effect ? (middle, many) : (few, middle);
        }

        return customersPerDay > 0 && double.IsFinite((many - customers) / customersPerDay) ? (many - customers) / customersPerDay : null;
    }

    private static double Quantiles(double alpha, double power) =>
        !(alpha is > 0 and < 1) ? throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Alpha lies above 0 and below 1.")
        : !(power is > 0 and < 1) ? throw new ArgumentOutOfRangeException(nameof(power), power, "Power lies above 0 and below 1.")
        : Math.Max(0, Normal.InvCDF(0, 1, power) - Normal.InvCDF(0, 1, alpha / 2));

    private static void ThrowIfNotFiniteOrNegative(double value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "It must be a number that is not negative.");
        }
    }
}
