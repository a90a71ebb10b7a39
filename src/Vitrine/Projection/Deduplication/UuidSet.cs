using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Vitrine.Projection.Deduplication;

/// <summary>A set of UUIDs in memory that only grows, kept compactly.</summary>
/// <remarks>
/// Open addressing with linear probing over plain 16-byte values, in 64 shards that double one at a time at a load of
/// 80 %. An entry costs 20–40 bytes, 27 on average over a shard's life, and growing moves a sixty-fourth of the
/// entries. All-zero marks an empty slot; the nil UUID is refused at the door. Used by the projector's thread alone.
/// </remarks>
internal sealed class UuidSet : IUuidShards
{
    private const int SmallestShard = 16;
    private const double FullestShard = 0.8;

    private readonly UuidHash _hash;
    private readonly UInt128[][] _shards = new UInt128[IUuidShards.Shards][];
    private readonly int[] _counts = new int[IUuidShards.Shards];
    private long _slots;

    /// <summary>Creates an empty set.</summary>
    /// <param name="hash">Spreads the UUIDs.</param>
    public UuidSet(UuidHash hash)
    {
        _hash = hash;
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            _shards[shard] = new UInt128[SmallestShard];
        }

        _slots = (long)SmallestShard * IUuidShards.Shards;
    }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Bytes => _slots * 16;

    /// <inheritdoc/>
    public ReadOnlySpan<UInt128> Shard(int shard) => _shards[shard];

    /// <summary>Adds a UUID. False when it was there already.</summary>
    public bool Add(UInt128 uuid, ulong hash)
    {
        var shard = IUuidShards.Of(hash);
        var slots = _shards[shard];
        var slot = Find(slots, hash, uuid);
        if (slots[slot] == uuid)
        {
            return false;
        }

        slots[slot] = uuid;
        Count++;
        if (++_counts[shard] > slots.Length * FullestShard)
        {
            Grow(shard);
        }

        return true;
    }

    /// <summary>Whether a UUID is in it.</summary>
    public bool Contains(UInt128 uuid, ulong hash)
    {
        var slots = _shards[IUuidShards.Of(hash)];
        return slots[Find(slots, hash, uuid)] == uuid;
    }

    /// <summary>
    /// Tells the processor that a UUID will be asked for soon. The set is far larger than its caches, so each question
    /// waits for memory; many told beforehand wait together. Changes nothing.
    /// </summary>
    public unsafe void Expect(ulong hash)
    {
        if (Sse.IsSupported)
        {
            var slots = _shards[IUuidShards.Of(hash)];

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
                slots[Find(slots, _hash.Of(uuid), uuid)] = uuid;
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
}
