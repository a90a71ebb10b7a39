using System.Runtime.CompilerServices;

namespace Vitrine.Projection.Deduplication;

/// <summary>The UUIDs that were counted, environment by environment, within a limit of memory.</summary>
/// <remarks>
/// Beyond the limit the oldest go to the disk, those of the environment that holds most first. When the disk refuses,
/// they stay in memory, over the limit, and it is tried again when they have grown by a sixteenth of it: exactness does
/// not depend on the disk. Used by the projector's thread alone; thrown away with the writer that owns it.
/// </remarks>
/// <param name="file">Beside which files for what goes to the disk can be made; they are deleted as soon as they are opened.</param>
/// <param name="limit">Bytes of memory for the sets. What says where on the disk to look comes on top: 1.6–1.7 bytes a UUID.</param>
/// <param name="refused">Told when the disk refused.</param>
internal sealed class CountedUuids(string file, long limit, Action refused) : IDisposable
{
    /// <summary>Less is not worth a file; an environment with a handful of events has 16 KiB.</summary>
    private const long SmallestRun = 1 << 20;

    /// <summary>Each run costs every new UUID a look at its filter, and each UUID of a pile 16–24 bytes for the time of a start.</summary>
    private const int RestoredRuns = 8;
    private const int SmallestPile = 4_000_000;

    private readonly UuidHash _hash = new();
    private readonly Dictionary<int, SeenUuids> _environments = [];
    private long _setBytes;
    private long _overrun;

    /// <summary>How many there are.</summary>
    public long Count => _environments.Values.Sum(static seen => seen.Count);

    /// <summary>Bytes of memory that they take.</summary>
    public long Bytes => _setBytes + _environments.Values.Sum(static seen => seen.RunBytes);

    /// <summary>Bytes on the disk.</summary>
    public long DiskBytes => _environments.Values.Sum(static seen => seen.DiskBytes);

    /// <summary>Those of an environment.</summary>
    public SeenUuids Of(int environment)
    {
        if (!_environments.TryGetValue(environment, out var seen))
        {
            seen = new SeenUuids(_hash, Grown);
            _environments.Add(environment, seen);
            _setBytes += seen.SetBytes;
        }

        return seen;
    }

    /// <summary>Starts to take over what was counted in an earlier life of the process.</summary>
    /// <param name="count">How many will come, about.</param>
    public UuidRestoration Restore(long count) =>
        new(this, _hash, Math.Min(Math.Max(SmallestPile, count / RestoredRuns), limit / 2 / Unsafe.SizeOf<UInt128>()));

    /// <summary>Takes over UUIDs that it does not have yet: on the disk where they are worth a file and it does not refuse.</summary>
    public void Take(int environment, UuidPile uuids)
    {
        var seen = Of(environment);
        if (uuids.Count * Unsafe.SizeOf<UInt128>() >= SmallestRun)
        {
            try
            {
                seen.AddRun(NewPath(), uuids);
                return;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                refused();
            }
        }

        AddEvenly(seen, uuids);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var seen in _environments.Values)
        {
            seen.Dispose();
        }
    }

    private void Grown(SeenUuids seen, long bytes)
    {
        _setBytes += bytes;
        if (seen.YoungBytes >= limit / 2 && !seen.HasOld)
        {
            Age(seen);
        }

        if (_setBytes <= limit + _overrun)
        {
            return;
        }

        try
        {
            while (_setBytes > limit && _environments.Values.MaxBy(static one => one.SetBytes) is { SetBytes: >= SmallestRun } largest)
            {
                Age(largest);
            }

            _overrun = 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _overrun = _setBytes - limit + (limit / 16);
            refused();
        }
    }

    private void Age(SeenUuids seen)
    {
        var before = seen.SetBytes;
        seen.Age(NewPath());
        _setBytes += seen.SetBytes - before;
    }

    /// <summary>A little of each shard in turn: the set may age in between, and a run of some shards only has a filter half as good.</summary>
    private static void AddEvenly(SeenUuids seen, UuidPile uuids)
    {
        const int some = 256;
        var left = true;
        for (var start = 0; left; start += some)
        {
            left = false;
            for (var shard = 0; shard < IUuidShards.Shards; shard++)
            {
                var all = uuids.Shard(shard);
                if (start < all.Length)
                {
                    seen.AddAll(all.Slice(start, Math.Min(some, all.Length - start)));
                    left = true;
                }
            }
        }
    }

    private string NewPath() => $"{file}.uuids-{Guid.NewGuid():N}";
}
