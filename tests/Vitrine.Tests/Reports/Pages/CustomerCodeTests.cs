using Vitrine.Reports.Pages;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports.Pages;

/// <summary>A set of customers comes back from a page as it was written.</summary>
public sealed class CustomerCodeTests
{
    public static TheoryData<int[]> Sets() => new((int[][])
    [
        [0],
        [1],
        [254],
        [255],
        [256],
        [510, 511, 765, 766],
        [65_534],
        [65_535],
        [65_536],
        [0, 65_535, 131_071],
        [int.MaxValue - 1],
        [0, int.MaxValue - 1],
        [.. Enumerable.Range(0, 2000)],
        [.. Enumerable.Range(0, 2000).Select(static number => number * 255)],
        [.. Enumerable.Range(0, 2000).Select(static number => number * 256)],
        [.. Enumerable.Range(0, 2000).Select(static number => number * 65_536)],
    ]);

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_set_comes_back(int[] customers) => ShouldComeBack(customers);

    [Fact]
    public void Sets_of_any_density_come_back()
    {
        var random = new Seeded(51);
        for (var count = 0; count < 300; count++)
        {
            var gap = 1 << random.Next(20);
            var customers = new List<int>();
            for (var customer = random.Next(gap); customers.Count < 200; customer += 1 + random.Next(gap))
            {
                customers.Add(customer);
            }

            ShouldComeBack([.. customers]);
        }
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(10_000, 2)]
    [InlineData(1_000_000, 4)]
    public void The_rarer_customers_are_the_wider_are_the_steps(int every, byte width)
    {
        CustomerCode.Width([.. Enumerable.Range(0, 1000).Select(number => number * every)], out var length).ShouldBe(width);
        length.ShouldBe(1000 * width);
    }

    private static void ShouldComeBack(int[] customers)
    {
        var width = CustomerCode.Width(customers, out var length);
        var code = new byte[length];
        CustomerCode.Write(customers, width, code);
        var read = new int[length / width];
        read[..CustomerCode.Read(code, width, read)].ShouldBe(customers);
        if (customers[^1] > 1 << 28)
        {
            return; // A set of so many would take the memory of the test machine.
        }

        var set = new CustomerSet(customers[^1]);
        set.Add(code, width);
        set.Count().ShouldBe(customers.Length);
    }
}
