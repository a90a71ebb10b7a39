using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vitrine.Projection.Deduplication;

/// <summary>UUIDs that are known to differ, piled up until they make a run: a tenth of the work of a set.</summary>
/// <remarks>
/// It cannot be asked. Its memory is not the collector's: growing moves pages instead of copying them into fresh ones,
/// and what is disposed of is free at once. Used by the projector's thread alone.
/// </remarks>
/// <param name="hash">Spreads the UUIDs.</param>
internal sealed unsafe class UuidPile(UuidHash hash) : IUuidShards, IDisposable
{
    private const int SmallestShard = 16;

    private readonly UInt128*[] _shards = new UInt128*[IUuidShards.Shards];
    private readonly int[] _capacities = new int[IUuidShards.Shards];
    private readonly int[] _counts = new int[IUuidShards.Shards];

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <summary>Bytes of memory that it holds: 16–24 for each UUID that it has held at once.</summary>
    public long Bytes => _capacities.Sum(static capacity => (long)capacity) * Unsafe.SizeOf<UInt128>();

    /// <inheritdoc/>
    public ReadOnlySpan<UInt128> Shard(int shard) => new(_shards[shard], _counts[shard]);

    /// <summary>Adds UUIDs.</summary>
    public void AddAll(ReadOnlySpan<UInt128> uuids)
    {
        foreach (var uuid in uuids)
        {
            var shard = IUuidShards.Of(hash.Of(uuid));
            ref var count = ref _counts[shard];
            if (count == _capacities[shard])
            {
                Grow(shard);
            }

            _shards[shard][count++] = uuid;
        }

        Count += uuids.Length;
    }

    /// <summary>Takes all away and keeps the room.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>Gives back the room that it does not need now.</summary>
    public void Trim()
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            Resize(shard, _counts[shard]);
        }
    }

    /// <summary>Takes all away and gives the room back.</summary>
    public void Dispose()
    {
        Clear();
        Trim();
    }

    private void Grow(int shard) => Resize(shard, Math.Max(SmallestShard, _capacities[shard] + (_capacities[shard] / 2)));

    private void Resize(int shard, int capacity)
    {
        if (capacity == 0)
        {
            NativeMemory.Free(_shards[shard]);
            _shards[shard] = null;
        }
        else
        {
            _shards[shard] = (UInt128*)NativeMemory.Realloc(_shards[shard], (nuint)capacity * (nuint)Unsafe.SizeOf<UInt128>());
        }

        _capacities[shard] = capacity;
    }
}
