using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Vitrine.Projection;

/// <summary>A set of UUIDs that only grows, kept compactly: the memory of what was already counted.</summary>
/// <remarks>
/// Open addressing with linear probing over plain 16-byte values, in 64 shards that double one at a time at a load of
/// 80 %. An entry costs 20–40 bytes, 27 on average over a shard's life, and growing moves a sixty-fourth of the
/// entries. The hash is keyed at random per process, so nobody can prepare UUIDs that collide. All-zero marks an empty
/// slot; the nil UUID is refused at the door. Used by the projector's thread alone.
/// </remarks>
public sealed class UuidSet
{
    private const int ShardBits = 6;
    private const int InitialSlots = 16;

    private readonly UInt128[][] _shards = new UInt128[1 << ShardBits][];
    private readonly int[] _counts = new int[1 << ShardBits];
    private readonly ulong _lowKey = RandomKey();
    private readonly ulong _highKey = RandomKey();
    private long _slots;

    /// <summary>Creates an empty set.</summary>
    public UuidSet()
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            _shards[shard] = new UInt128[InitialSlots];
        }

        _slots = (long)InitialSlots * _shards.Length;
    }

    /// <summary>How many UUIDs are in it.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Bytes => _slots * 16;

    /// <summary>Adds a UUID. False when it was there already.</summary>
    public bool Add(UInt128 uuid)
    {
        var hash = Hash(uuid);
        var shard = (int)(hash >> (64 - ShardBits));
        var slots = _shards[shard];
        var slot = Find(slots, hash, uuid);
        if (slots[slot] == uuid)
        {
            return false;
        }

        slots[slot] = uuid;
        Count++;
        if (++_counts[shard] * 5L > slots.Length * 4L)
        {
            Grow(shard);
        }

        return true;
    }

    /// <summary>
    /// Tells the processor that a UUID will be asked for soon. The set is far larger than its caches, so each question
    /// waits for memory; many told beforehand wait together. Changes nothing.
    /// </summary>
    public unsafe void Expect(UInt128 uuid)
    {
        if (Sse.IsSupported)
        {
            var hash = Hash(uuid);
            var slots = _shards[(int)(hash >> (64 - ShardBits))];

            // Should the array be moved in between, another line is fetched, which is no harm.
            Sse.Prefetch0(Unsafe.AsPointer(ref slots[(int)hash & (slots.Length - 1)]));
        }
    }

    private void Grow(int shard)
    {
        var old = _shards[shard];
        var slots = new UInt128[old.Length * 2];
        foreach (var uuid in old)
        {
            if (uuid != UInt128.Zero)
            {
                slots[Find(slots, Hash(uuid), uuid)] = uuid;
            }
        }

        _shards[shard] = slots;
        _slots += old.Length;
    }

    private static int Find(UInt128[] slots, ulong hash, UInt128 uuid)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != UInt128.Zero && slots[slot] != uuid)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private ulong Hash(UInt128 uuid)
    {
        var high = Math.BigMul((ulong)uuid ^ _lowKey, (ulong)(uuid >> 64) ^ _highKey, out var low);
        high = Math.BigMul(high ^ low ^ _lowKey, 0x9E37_79B9_7F4A_7C15, out low);
        return high ^ low;
    }

    private static ulong RandomKey() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
