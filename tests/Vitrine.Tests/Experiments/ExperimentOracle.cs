using Vitrine.Tests.Conversions;

namespace Vitrine.Tests.Experiments;

/// <summary>Finds in the plainest way who takes part in an experiment, and what each customer counts with.</summary>
public sealed record ExperimentOracle(ConversionWorld World, string Model, Func<Seen, bool> IsAsked)
{
    /// <summary>Those who were shown something, with all that they were shown.</summary>
    public ILookup<string, Seen> Exposed { get; } = World.Seen.Where(seen => !seen.IsClick && IsAsked(seen)).ToLookup(static seen => seen.Customer);

    /// <summary>Those who were shown something, and saw or clicked one variation only.</summary>
    public IEnumerable<string> Analysed => Exposed.Select(static shown => shown.Key)
        .Where(customer => World.Seen.Where(seen => seen.Customer == customer && IsAsked(seen)).Select(static seen => seen.Variation).Distinct().Count() == 1);

    /// <summary>The first thing that a customer was shown.</summary>
    public Seen First(string customer) => Exposed[customer].MinBy(static seen => seen.Time)!;

    /// <summary>The customers of a variation, the sum of their values, the sum of its denominators, and the sum of squares.</summary>
    public (int Customers, double Sum, double Denominator, double Squares) Sums(string variation, string metric)
    {
        var conversions = new ConversionOracle(World, Model).Conversions().Where(one => IsAsked(one.Touch)).ToLookup(static one => one.Done.Customer);
        var customers = Analysed.Where(customer => First(customer).Variation == variation).ToList();
        var values = customers.ConvertAll(customer => Value(metric, customer, [.. conversions[customer].Select(static one => one.Done)]));
        return (customers.Count, values.Sum(), customers.Sum(customer => Exposed[customer].Count()), values.Sum(static value => value * value));
    }

    private double Value(string metric, string customer, List<Done> done)
    {
        var clicks = World.Seen.Count(seen => seen.IsClick && seen.Customer == customer && IsAsked(seen));
        var orders = done.Where(static one => one.Goals().Contains("Ordered")).ToList();
        return metric switch
        {
            "unique_ctr" => Math.Min(1, clicks),
            "ctr" or "clicks_per_user" => clicks,
            "conversion" => Math.Min(1, orders.Count),
            "conversions_per_user" => orders.Count,
            _ => (double)orders.Where(static one => one.Revenue is { Currency: "EUR", IsThere: true }).Sum(static one => one.Revenue.Amount),
        };
    }
}
