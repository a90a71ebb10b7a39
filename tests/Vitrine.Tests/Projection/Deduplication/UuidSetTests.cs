using CsCheck;
using Vitrine.Projection.Deduplication;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Deduplication;

public sealed class UuidSetTests
{
    [Fact]
    public void It_holds_what_a_hash_set_holds() => SomeUuids.Any.Array[0, 3000].Sample(
        static uuids =>
        {
            var hash = new UuidHash();
            var set = new UuidSet(hash);
            var oracle = new HashSet<UInt128>();
            return uuids.All(uuid => set.Add(uuid, hash.Of(uuid)) == oracle.Add(uuid))
                && uuids.All(uuid => set.Contains(uuid, hash.Of(uuid)))
                && set.Count == oracle.Count;
        },
        iter: 200);

    [Fact]
    public void An_entry_costs_at_most_40_bytes()
    {
        var hash = new UuidHash();
        var set = new UuidSet(hash);
        var random = new Seeded(3);
        for (var count = 1; count <= 1_000_000; count++)
        {
            var uuid = new UInt128(random.Next64(), random.Next64() | 1);
            set.Add(uuid, hash.Of(uuid)).ShouldBeTrue();
            if (count >= 10_000 && count % 10_000 == 0)
            {
                ((double)set.Bytes / count).ShouldBeLessThanOrEqualTo(40);
            }
        }

        set.Count.ShouldBe(1_000_000);
    }
}
