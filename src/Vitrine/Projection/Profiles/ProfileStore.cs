using System.Buffers;
using Vitrine.Journal;

namespace Vitrine.Projection.Profiles;

/// <summary>The profiles of one file of the projection, in memory.</summary>
/// <remarks>
/// <para>
/// Two write, one at a time (<c>_writing</c>): the projector's thread, what a batch changed, and the loader, what the table
/// held. A change is the whole profile, so order settles it: the loader leaves alone what the projector has set or removed
/// since the store was made, however old or new the row is that it read; and every other row is the same in whatever
/// state the loader reads, because no batch has changed it. When the loader has come to its end, the store holds what the
/// table holds.
/// </para>
/// <para>
/// Any thread reads. A look-up and the copying are done under the lock of the key's shard, which whoever puts another
/// place there takes too: a reader sees one profile whole, and it is not dropped under him. The lock is held for the copy
/// of one profile, when a shard grows (a moment in each of 256) and, of profiles on the disk, for one read.
/// </para>
/// <para>
/// Memory of a profile: 42 bytes, the id and the JSON object in the heap, and as much again at most of what was replaced;
/// 36–72 bytes to find it, 44–88 for each identifier.
/// </para>
/// </remarks>
internal sealed partial class ProfileStore : IDisposable
{
    /// <summary>Into how many parts what is looked up is divided.</summary>
    public const int Shards = 256;

    private readonly Shard[] _shards = NewShards();
    private readonly TextHash _hash = new();
    private readonly ProfileIdentifiers _identifiers = new();
    private readonly ProfileHeap _heap;
    private readonly IdentifierIndex _index;
    private readonly Lock _writing = new();
    private HashSet<TextKey>? _removed = []; // Until everything is loaded.
    private long _count;
    private bool _disposed;

    /// <summary>Creates an empty store.</summary>
    /// <param name="generation">The file that it is of; see <see cref="ProjectionGate.Generation"/>.</param>
    /// <param name="heap">Empty; the store disposes of it.</param>
    public ProfileStore(long generation, ProfileHeap heap)
    {
        (Generation, _heap) = (generation, heap);
        _index = new IdentifierIndex(CarrierOf);
    }

    /// <summary>The file that it is of.</summary>
    public long Generation { get; }

    /// <summary>How many profiles it holds, in how many bytes of memory, without what finds them, and of the disk.</summary>
    public (long Count, long Bytes, long DiskBytes) Size
    {
        get
        {
            lock (_writing)
            {
                return (_count, _heap.Bytes, _heap.DiskBytes);
            }
        }
    }

    /// <summary>Copies a customer's attributes. False when there are none.</summary>
    public bool TryRead(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> customerId, ByteWriter target)
    {
        var key = _hash.Of(environmentId, customerId);
        var shard = Of(key);
        byte[]? buffer = null;
        try
        {
            lock (shard.Gate)
            {
                if (!shard.Places.TryGetValue(key, out var place))
                {
                    return false;
                }

                target.WriteRaw(_heap.Read(place, ref buffer).Attributes);
                return true;
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Copies the id of the customer who carries an identifier. False when nobody does.</summary>
    public bool TryFind(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteWriter customerId)
    {
        if (_identifiers.KeyOf(environmentId, name, value) is not { } identifier || !_index.TryFind(identifier, out var key))
        {
            return false;
        }

        var shard = Of(key);
        byte[]? buffer = null;
        try
        {
            lock (shard.Gate)
            {
                if (!shard.Places.TryGetValue(key, out var place))
                {
                    return false; // Removed in between.
                }

                customerId.WriteRaw(_heap.Read(place, ref buffer).CustomerId);
                return true;
            }
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _disposed = true;
            foreach (var shard in _shards)
            {
                lock (shard.Gate)
                {
                    shard.Places.Clear(); // Whoever comes now finds nothing, and nobody is reading any more.
                }
            }

            _heap.Dispose();
        }
    }

    private static Shard[] NewShards() => [.. Enumerable.Range(0, Shards).Select(static _ => new Shard())];

    private static void Return(byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Shard Of(TextKey key) => _shards[key.High % Shards];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<TextKey, ProfilePlace> Places { get; } = [];
    }
}
