using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Projection.Deduplication;

/// <summary>UUIDs that went to the disk: never changed, asked one at a time.</summary>
/// <remarks>
/// <para>
/// The file holds bare UUIDs, bucket by bucket; the highest bits of the hash choose the bucket,
/// which has <see cref="UuidsPerBucket"/> to twice as many, 2–4 KiB. In memory are the filter, where each bucket begins and its checksum:
/// some 1.6 bytes for a UUID. A question that the filter lets through reads one bucket.
/// </para>
/// <para>
/// A bucket that is not as it was written is no answer but a fault: the projector then opens the projection anew, which
/// makes new runs.
/// </para>
/// </remarks>
internal sealed class UuidRun : IDisposable
{
    private const int UuidsPerBucket = 128;

    private readonly SafeFileHandle _file;
    private readonly UuidFilter _filter;
    private readonly int _bucketBits;
    private readonly long[] _ends;
    private readonly ulong[] _checksums;
    private UInt128[] _bucket = new UInt128[2 * UuidsPerBucket];

    private UuidRun(SafeFileHandle file, long count)
    {
        _file = file;
        _filter = new UuidFilter(count);
        _bucketBits = Math.Max(IUuidShards.ShardBits, BitOperations.Log2((ulong)(count / UuidsPerBucket) | 1));
        _ends = new long[1 << _bucketBits];
        _checksums = new ulong[1 << _bucketBits];
    }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Bytes => _filter.Bytes + (_ends.Length * 16L);

    /// <summary>Bytes that it holds on the disk.</summary>
    public long DiskBytes => _ends[^1] * 16;

    /// <summary>Writes UUIDs.</summary>
    /// <param name="path">A file that is not there, beside which no other is needed.</param>
    /// <param name="uuids">What to write; stays as it is.</param>
    /// <param name="hash">What spread them over their shards.</param>
    /// <exception cref="IOException">The disk refused, or would have too little left; nothing is left of it.</exception>
    public static UuidRun Write(string path, IUuidShards uuids, UuidHash hash)
    {
        ScratchFile.RefuseWithoutRoom(path, uuids.Count * 16);
        var run = new UuidRun(ScratchFile.Create(path), uuids.Count);
        try
        {
            var sorted = Array.Empty<UInt128>();
            for (var shard = 0; shard < IUuidShards.Shards; shard++)
            {
                run.Write(shard, uuids.Shard(shard), hash, ref sorted);
            }

            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Whether a UUID is in it.</summary>
    /// <exception cref="IOException">The disk refused, or gave back something else than it was given.</exception>
    public bool Contains(UInt128 uuid, ulong hash) =>
        _filter.MayContain(hash) && Read((int)(hash >> (64 - _bucketBits))).Contains(uuid);

    /// <summary>Tells the processor that a UUID will be asked for soon; see <see cref="UuidSet.Expect"/>.</summary>
    public void Expect(ulong hash) => _filter.Expect(hash);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Writes a shard: buckets begin with the bits that choose the shard, so they follow each other.</summary>
    private void Write(int shard, ReadOnlySpan<UInt128> slots, UuidHash hash, ref UInt128[] sorted)
    {
        var buckets = _ends.Length / IUuidShards.Shards;
        var first = shard * buckets;
        var start = first == 0 ? 0 : _ends[first - 1];
        var places = new int[buckets];
        foreach (var uuid in slots)
        {
            if (uuid != UInt128.Zero)
            {
                places[BucketOf(hash.Of(uuid)) - first]++;
            }
        }

        var count = 0;
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            (places[bucket], count) = (count, count + places[bucket]);
            _ends[first + bucket] = start + count;
        }

        sorted = sorted.Length >= count ? sorted : GC.AllocateUninitializedArray<UInt128>(count);
        foreach (var uuid in slots)
        {
            if (uuid != UInt128.Zero)
            {
                var hashed = hash.Of(uuid);
                _filter.Add(hashed);
                sorted[places[BucketOf(hashed) - first]++] = uuid;
            }
        }

        for (var bucket = first; bucket < first + buckets; bucket++)
        {
            var (from, to) = Extent(bucket);
            _checksums[bucket] = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(sorted.AsSpan((int)(from - start), (int)(to - from))));
        }

        RandomAccess.Write(_file, MemoryMarshal.AsBytes(sorted.AsSpan(0, count)), start * 16);
    }

    private int BucketOf(ulong hash) => (int)(hash >> (64 - _bucketBits));

    private (long From, long To) Extent(int bucket) => (bucket == 0 ? 0 : _ends[bucket - 1], _ends[bucket]);

    private ReadOnlySpan<UInt128> Read(int bucket)
    {
        var (from, to) = Extent(bucket);
        var count = (int)(to - from);
        if (_bucket.Length < count)
        {
            _bucket = new UInt128[count];
        }

        var bytes = MemoryMarshal.AsBytes(_bucket.AsSpan(0, count));
        return ScratchFile.TryRead(_file, bytes, from * 16) && XxHash3.HashToUInt64(bytes) == _checksums[bucket]
            ? _bucket.AsSpan(0, count)
            : throw Damaged(bucket);
    }

    private static IOException Damaged(int bucket) => new($"The uuids of bucket {bucket} came back from the disk other than they were written.");
}
