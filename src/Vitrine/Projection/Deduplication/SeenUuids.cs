namespace Vitrine.Projection.Deduplication;

/// <summary>The UUIDs that an environment has counted: the youngest in memory, older ones on the disk where memory is short.</summary>
/// <remarks>
/// A client sends an event again soon or never, so generations go to the disk, not single UUIDs: the young set takes what
/// is new; when it becomes old, the set that was old becomes a run. Exact whatever lies where. Used by the projector's
/// thread alone.
/// </remarks>
/// <param name="hash">Spreads the UUIDs.</param>
/// <param name="grown">Told when the sets in memory grow, by how many bytes; may let the UUIDs age.</param>
internal sealed class SeenUuids(UuidHash hash, Action<SeenUuids, long> grown) : IDisposable
{
    private readonly List<UuidRun> _runs = [];
    private UuidSet _young = new(hash);
    private UuidSet? _old;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of the set that takes what is new.</summary>
    public long YoungBytes => _young.Bytes;

    /// <summary>Bytes of memory of the sets.</summary>
    public long SetBytes => _young.Bytes + (_old?.Bytes ?? 0);

    /// <summary>Bytes of memory that say where on the disk to look.</summary>
    public long RunBytes => _runs.Sum(static run => run.Bytes);

    /// <summary>Bytes on the disk.</summary>
    public long DiskBytes => _runs.Sum(static run => run.DiskBytes);

    /// <summary>Whether an old generation is in memory.</summary>
    public bool HasOld => _old is not null;

    /// <summary>Adds a UUID. False when it was counted before.</summary>
    /// <exception cref="IOException">What is on the disk cannot be read.</exception>
    public bool Add(UInt128 uuid)
    {
        var hashed = hash.Of(uuid);
        var before = _young.Bytes;
        if (!_young.Add(uuid, hashed))
        {
            return false;
        }

        var isNew = !IsOlder(uuid, hashed); // If it is not, it is now among the young too, which does no harm.
        Count += isNew ? 1 : 0;
        if (_young.Bytes is var after && after != before)
        {
            grown(this, after - before);
        }

        return isNew;
    }

    /// <summary>Adds many, which need not be asked for one by one.</summary>
    public void AddAll(ReadOnlySpan<UInt128> uuids)
    {
        foreach (var uuid in uuids)
        {
            Expect(uuid);
        }

        foreach (var uuid in uuids)
        {
            Add(uuid);
        }
    }

    /// <summary>Tells the processor that a UUID will be asked for soon; see <see cref="UuidSet.Expect"/>.</summary>
    public void Expect(UInt128 uuid)
    {
        var hashed = hash.Of(uuid);
        _young.Expect(hashed);
        _old?.Expect(hashed);
        foreach (var run in _runs)
        {
            run.Expect(hashed);
        }
    }

    /// <summary>Writes the old generation to the disk, if there is one, and lets the young one grow old.</summary>
    /// <exception cref="IOException">The disk refused; all is as it was.</exception>
    public void Age(string path)
    {
        if (_old is not null)
        {
            _runs.Add(UuidRun.Write(path, _old, hash));
        }

        _old = _young;
        _young = new UuidSet(hash);
    }

    /// <summary>Writes UUIDs to the disk that were counted before and are not here yet.</summary>
    /// <exception cref="IOException">The disk refused; all is as it was.</exception>
    public void AddRun(string path, UuidPile uuids)
    {
        _runs.Add(UuidRun.Write(path, uuids, hash));
        Count += uuids.Count;
    }

    /// <inheritdoc/>
    public void Dispose() => _runs.ForEach(static run => run.Dispose());

    private bool IsOlder(UInt128 uuid, ulong hashed)
    {
        if (_old?.Contains(uuid, hashed) ?? false)
        {
            return true;
        }

        foreach (var run in _runs)
        {
            if (run.Contains(uuid, hashed))
            {
                return true;
            }
        }

        return false;
    }
}
