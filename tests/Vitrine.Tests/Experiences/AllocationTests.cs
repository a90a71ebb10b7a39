using CsCheck;
using Vitrine.Experiences;

namespace Vitrine.Tests.Experiences;

public sealed class AllocationTests
{
    /// <summary>Shares of 1–5 of seven variations, in steps of 0.01 %, together all.</summary>
    private static readonly Gen<IReadOnlyList<(string Variation, int Buckets)>> Shares =
        from names in Gen.Shuffle(new[] { "0", "1", "2", "3", "4", "5", "6" })
        from count in Gen.Int[1, 5]
        from cuts in Gen.Int[0, Allocation.Buckets].Array[count - 1]
        select (IReadOnlyList<(string, int)>)[.. cuts.Append(Allocation.Buckets).Order()
            .Select((cut, index) => (names[index], cut - (index == 0 ? 0 : cuts.Order().ElementAt(index - 1))))];

    [Fact]
    public void Every_variation_has_exactly_its_share_however_often_shares_change() => Shares.List[1, 6].Sample(history =>
    {
        Allocation? allocation = null;
        foreach (var shares in history)
        {
            allocation = Allocation.Of(shares, allocation);
            var owners = allocation.Owners();
            foreach (var (variation, buckets) in shares)
            {
                owners.Count(owner => owner == variation).ShouldBe(buckets);
            }
        }
    });

    [Fact]
    public void A_change_of_shares_moves_no_more_buckets_than_it_must() => Gen.Select(Shares, Shares).Sample((before, after) =>
    {
        var first = Allocation.Of(before, null);
        var second = Allocation.Of(after, first);
        var moved = first.Owners().Zip(second.Owners()).Count(static pair => pair.First != pair.Second);
        var shrunk = before.Sum(share => Math.Max(0, share.Buckets - after.FirstOrDefault(one => one.Variation == share.Variation).Buckets));
        moved.ShouldBe(shrunk);
    });

    [Fact]
    public void The_first_allocation_deals_the_buckets_in_order() =>
        Allocation.Of([("0", 2500), ("1", 7500)], null).Ranges.ShouldBe([new BucketRange(0, 2500, "0"), new BucketRange(2500, 10_000, "1")]);

    [Fact]
    public void A_variation_that_shrinks_gives_up_its_highest_buckets() =>
        Allocation.Of([("0", 4000), ("1", 5000), ("2", 1000)], Allocation.Of([("0", 5000), ("1", 5000)], null)).Ranges
            .ShouldBe([new BucketRange(0, 4000, "0"), new BucketRange(4000, 5000, "2"), new BucketRange(5000, 10_000, "1")]);
}
