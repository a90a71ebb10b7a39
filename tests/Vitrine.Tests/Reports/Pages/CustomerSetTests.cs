using Vitrine.Reports.Pages;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports.Pages;

/// <summary>Sets of customers against the plainest ones there are.</summary>
public sealed class CustomerSetTests
{
    private const int LastCustomer = 100_000;

    [Fact]
    public void United_and_cleared_at_random_they_count_what_plain_sets_count()
    {
        var random = new Seeded(52);
        var sets = Enumerable.Range(0, 3).Select(static _ => (Set: new CustomerSet(LastCustomer), Plain: new HashSet<int>())).ToList();
        for (var step = 0; step < 2000; step++)
        {
            var (set, plain) = random.Pick(sets);
            switch (random.Next(8))
            {
                case 0:
                    set.Clear();
                    plain.Clear();
                    break;
                case 1 or 2:
                    var (others, plainOthers) = random.Pick(sets);
                    set.Add(others);
                    plain.UnionWith([.. plainOthers]);
                    break;
                default:
                    var customers = Customers(random);
                    Add(set, customers);
                    plain.UnionWith(customers);
                    break;
            }

            set.Count().ShouldBe(plain.Count, $"seed 52, step {step}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    public void The_last_customer_has_room(int last)
    {
        var set = new CustomerSet(last);
        Add(set, [last]);
        set.Count().ShouldBe(1);
    }

    private static int[] Customers(Seeded random)
    {
        var gap = 1 + random.Next(5000);
        return [.. Enumerable.Range(0, 1 + random.Next(300)).Select(_ => random.Next(Math.Min(gap * 100, LastCustomer + 1))).Distinct().Order()];
    }

    private static void Add(CustomerSet set, int[] customers)
    {
        var width = CustomerCode.Width(customers, out var length);
        var code = new byte[length];
        CustomerCode.Write(customers, width, code);
        set.Add(code, width);
    }
}
