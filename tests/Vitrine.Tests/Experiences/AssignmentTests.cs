using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences;

public sealed class AssignmentTests
{
    private const int Users = 1_000_000;
    private const string Experience = "66d55ae445921e4d35ae4368";

    private static string VectorsPath => Repository.Path("spec", "assignment-vectors.json");

    [Fact]
    public void Buckets_are_as_the_published_vectors_say()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(VectorsPath))!["buckets"]!.AsArray();
        vectors.Count.ShouldBeGreaterThan(20);
        foreach (var vector in vectors)
        {
            var scope = (string)vector!["scope"]!;
            var parts = scope.Split('\n');
            var assignment = (parts[1], parts[2]) switch
            {
                ("", "control") => Assignment.OfGlobalControlGroup(parts[0]),
                (_, "control") => Assignment.OfControlGroup(parts[0], parts[1]),
                _ => Assignment.OfAudience(parts[0], parts[1], parts[2]),
            };
            var customer = (string)vector["customer_id"]!;
            var hash = ReferenceXxHash64.Hash(Encoding.UTF8.GetBytes(scope + customer));
            hash.ToString("x16").ShouldBe((string)vector["xxh64"]!, customer);
            ((int)(((UInt128)hash * 10_000) >> 64)).ShouldBe((int)vector["bucket"]!);
            assignment.BucketOf(Encoding.UTF8.GetBytes(customer)).ShouldBe((int)vector["bucket"]!, customer);
        }
    }

    [Fact]
    public void Allocations_are_as_the_published_vectors_say()
    {
        Allocation? before = null;
        foreach (var step in JsonNode.Parse(File.ReadAllText(VectorsPath))!["allocations"]!.AsArray())
        {
            before = Allocation.Of([.. step!["shares"]!.AsObject().Select(static share => (share.Key, (int)((decimal)share.Value! * 100)))], before);
            before.Ranges.Select(static range => $"{range.From}-{range.To}:{range.Variation}")
                .ShouldBe(step["ranges"]!.AsArray().Select(static range => $"{range!["from"]}-{range["to"]}:{range["variation"]}"));
        }
    }

    /// <summary>χ² with 9,999 degrees of freedom has mean 9,999 and standard deviation 141; five of them are allowed.</summary>
    [Fact]
    public void Customers_are_spread_uniformly()
    {
        var counts = new int[Allocation.Buckets];
        foreach (var bucket in BucketsOf(Assignment.OfAudience("SHOP", Experience, "1")))
        {
            counts[bucket]++;
        }

        const double expected = (double)Users / Allocation.Buckets;
        counts.Sum(static count => (count - expected) * (count - expected) / expected).ShouldBeInRange(9_999 - (5 * 141), 9_999 + (5 * 141));
    }

    /// <summary>20 × 20 cells have 361 degrees of freedom: standard deviation 27.</summary>
    [Theory]
    [InlineData("SHOP", "66d55ae445921e4d35ae4369", "1")]
    [InlineData("SHOP", Experience, "2")]
    [InlineData("SHOP_DEBUG", Experience, "1")]
    public void What_one_choice_says_tells_nothing_of_another(string environment, string experience, string audience)
    {
        var counts = new int[20, 20];
        foreach (var (first, second) in BucketsOf(Assignment.OfAudience("SHOP", Experience, "1")).Zip(BucketsOf(Assignment.OfAudience(environment, experience, audience))))
        {
            counts[first / 500, second / 500]++;
        }

        const double expected = Users / 400.0;
        counts.Cast<int>().Sum(static count => (count - expected) * (count - expected) / expected).ShouldBeInRange(399 - (5 * 29), 399 + (5 * 29));
    }

    [Fact]
    public void Membership_in_a_control_group_tells_nothing_of_the_variation()
    {
        var counts = new int[2];
        var kept = 0;
        foreach (var (control, variation) in BucketsOf(Assignment.OfControlGroup("SHOP", Experience)).Zip(BucketsOf(Assignment.OfAudience("SHOP", Experience, "1"))))
        {
            if (control < 1_000)
            {
                kept++;
                counts[variation / 5_000]++;
            }
        }

        kept.ShouldBeInRange(98_500, 101_500);
        counts[0].ShouldBeInRange((kept / 2) - 800, (kept / 2) + 800);
    }

    private static IEnumerable<int> BucketsOf(Assignment assignment)
    {
        var customer = new byte[16];
        for (var number = 0; number < Users; number++)
        {
            Encoding.ASCII.TryGetBytes($"customer-{number}", customer, out var length);
            yield return assignment.BucketOf(customer.AsSpan(0, length));
        }
    }
}
