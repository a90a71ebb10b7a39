using CsCheck;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class UuidSetTests
{
    /// <summary>Few different values, so that repetitions are common, and values that differ in one bit only.</summary>
    private static readonly Gen<UInt128> Uuids = Gen.OneOf(
        Gen.ULong[1, 300].Select(static low => (UInt128)low),
        Gen.ULong[0, 300].Select(static high => new UInt128(high, 1)),
        Gen.Int[0, 127].Select(static bit => UInt128.One << bit),
        Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue], static (high, low) => new UInt128(high, low)));

    [Fact]
    public void It_holds_what_a_hash_set_holds() => Uuids.Array[0, 3000].Sample(
        static uuids =>
        {
            var set = new UuidSet();
            var oracle = new HashSet<UInt128>();
            return uuids.All(uuid => set.Add(uuid) == oracle.Add(uuid)) && set.Count == oracle.Count;
        },
        iter: 200);

    [Fact]
    public void An_entry_costs_at_most_40_bytes()
    {
        var set = new UuidSet();
        var random = new Seeded(3);
        for (var count = 1; count <= 1_000_000; count++)
        {
            set.Add(new UInt128(random.Next64(), random.Next64() | 1)).ShouldBeTrue();
            if (count >= 10_000 && count % 10_000 == 0)
            {
                ((double)set.Bytes / count).ShouldBeLessThanOrEqualTo(40);
            }
        }

        set.Count.ShouldBe(1_000_000);
    }
}
