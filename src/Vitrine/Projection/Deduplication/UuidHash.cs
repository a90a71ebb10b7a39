using System.Security.Cryptography;

namespace Vitrine.Projection.Deduplication;

/// <summary>Turns a UUID into 64 evenly spread bits, under a key that is random for each instance and never stored.</summary>
/// <remarks>
/// Nobody can prepare UUIDs that collide, and UUIDs that follow each other are as good as random ones. What sets, runs and
/// filters do with the bits: the highest choose the shard and, behind it, the bucket of a run; the lowest the slot.
/// </remarks>
internal sealed class UuidHash
{
    private readonly ulong _low = RandomKey();
    private readonly ulong _high = RandomKey();

    /// <summary>The hash.</summary>
    public ulong Of(UInt128 uuid)
    {
        var high = Math.BigMul((ulong)uuid ^ _low, (ulong)(uuid >> 64) ^ _high, out var low);
        high = Math.BigMul(high ^ low ^ _low, 0x9E37_79B9_7F4A_7C15, out low);
        return high ^ low;
    }

    private static ulong RandomKey() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
