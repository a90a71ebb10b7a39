using CsCheck;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Deduplication;

internal static class SomeUuids
{
    /// <summary>Few different values, so that repetitions are common, and values that differ in one bit only.</summary>
    public static readonly Gen<UInt128> Any = Gen.OneOf(
        Gen.ULong[1, 300].Select(static low => (UInt128)low),
        Gen.ULong[0, 300].Select(static high => new UInt128(high, 1)),
        Gen.Int[0, 127].Select(static bit => UInt128.One << bit),
        Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue], static (high, low) => new UInt128(high, low)));

    /// <summary>So many different ones, the same each time.</summary>
    public static UInt128[] Of(ulong seed, int count)
    {
        var random = new Seeded(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new UInt128(random.Next64(), random.Next64() | 1))];
    }
}
