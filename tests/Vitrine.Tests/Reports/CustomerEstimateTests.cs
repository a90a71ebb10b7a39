using System.Numerics;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class CustomerEstimateTests
{
    [Fact]
    public void Nobody_is_nobody_and_one_is_one()
    {
        CustomerEstimate.Of(Sketch(0, 1)).ShouldBe(0);
        CustomerEstimate.Of(Sketch(1, 1)).ShouldBe(1);
    }

    /// <summary>Five standard errors of 1.04/√4096, over the whole range: also where the original estimator is biased, at 2.5 times the registers.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(4_000)]
    [InlineData(10_240)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void Estimates_are_within_five_standard_errors(int customers)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            ((double)CustomerEstimate.Of(Sketch(customers, seed))).ShouldBe(customers, tolerance: 5 * 0.01625 * customers);
        }
    }

    [Fact]
    public void Over_many_sketches_they_are_right()
    {
        const int sketches = 200;
        foreach (var customers in new[] { 300, 5_000, 10_240, 30_000 })
        {
            var mean = Enumerable.Range(1, sketches).Average(seed => (double)CustomerEstimate.Of(Sketch(customers, (ulong)seed)));
            mean.ShouldBe(customers, tolerance: 5 * 0.01625 * customers / Math.Sqrt(sketches));
        }
    }

    private static int[] Sketch(int customers, ulong seed)
    {
        var random = new Seeded(seed);
        var registers = new int[CustomerSketch.Registers];
        for (var count = 0; count < customers; count++)
        {
            var hash = random.Next64();
            ref var rank = ref registers[hash % CustomerSketch.Registers];
            rank = Math.Max(rank, Math.Min(CustomerSketch.HighestRank, BitOperations.TrailingZeroCount(hash >> 12) + 1));
        }

        var counts = new int[CustomerSketch.HighestRank + 1];
        foreach (var rank in registers.Where(static rank => rank > 0))
        {
            counts[rank]++;
        }

        return counts;
    }
}
