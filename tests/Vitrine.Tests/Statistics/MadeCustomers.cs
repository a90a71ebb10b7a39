using Vitrine.Statistics;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Statistics;

/// <summary>Customers made up from a seed, as simulations need them.</summary>
public sealed class MadeCustomers(ulong seed)
{
    /// <summary>By how much simulations are longer than usual: with <c>./test --long</c> ten times, so that smaller errors show.</summary>
    public static int Longer { get; } = Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1" ? 10 : 1;

    private readonly Seeded _random = new(seed);

    /// <summary>Evenly between 0 and 1, neither included.</summary>
    public double Uniform() => ((_random.Next64() >> 11) + 0.5) / (1UL << 53);

    /// <summary>Normal (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public bool Happens(double chance) => Uniform() < chance;

    /// <summary>What a customer spends: mostly nothing, else a skewed amount of mean 1.</summary>
    public double Spending(double chance) => Happens(chance) ? -Math.Log(Uniform()) : 0;

    /// <summary>How often something happens to a customer: a geometric number of that mean.</summary>
    public int Times(double mean) => (int)(Math.Log(Uniform()) / Math.Log(mean / (1 + mean)));

    public MetricSums Proportion(int customers, double chance) => Sums(customers, () => (Happens(chance) ? 1 : 0, 0, 0));

    public MetricSums SpendingOf(int customers, double chance) => Sums(customers, () => (Spending(chance), 0, 0));

    /// <summary>Impressions of each customer, and how many of them were clicked; customers differ in how gladly they click.</summary>
    public MetricSums Clicks(int customers, double rate) => Sums(customers, () =>
    {
        var impressions = 1 + Times(3);
        var eagerness = rate * 2 * Uniform();
        var clicks = 0;
        for (var impression = 0; impression < impressions; impression++)
        {
            clicks += Happens(eagerness) ? 1 : 0;
        }

        return (clicks, impressions, 0);
    });

    /// <summary>Customers of a metric that a test names: a proportion of 0.2, a mean of 0.3 or a ratio of 0.2, all times a factor.</summary>
    public MetricSums Of(string metric, double factor = 1, int customers = 600) => metric switch
    {
        "proportion" => Proportion(customers, 0.2 * factor),
        "mean" => SpendingOf(customers, 0.3 * factor),
        _ => Clicks(customers, 0.2 * factor),
    };

    public static MetricKind Kind(string metric) => metric switch
    {
        "proportion" => MetricKind.Proportion,
        "mean" => MetricKind.Mean,
        _ => MetricKind.Ratio,
    };

    public static MetricSums Sums(int customers, Func<(double X, double Y, double P)> customer)
    {
        var sums = new MetricSums();
        for (var index = 0; index < customers; index++)
        {
            var (x, y, p) = customer();
            sums.Add(x, y, p);
        }

        return sums;
    }
}
