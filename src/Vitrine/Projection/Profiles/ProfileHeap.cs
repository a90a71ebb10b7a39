using System.Buffers;

namespace Vitrine.Projection.Profiles;

/// <summary>Where the profiles themselves lie: entries, one behind the other, in chunks of 1 MiB.</summary>
/// <remarks>
/// <para>
/// An entry never changes and a chunk is never written again once it is full; what is replaced is counted as dead. While
/// more than half of all is dead, <see cref="FindDeadest"/> names a chunk whose living entries are then moved to the end,
/// after which the chunk is dropped.
/// </para>
/// <para>
/// Beyond the limit the oldest full chunks go to a <see cref="ProfileFile"/>. When the disk refuses, they stay in memory,
/// over the limit, and it is tried again when they have grown by a sixteenth of it: what is answered does not depend on
/// that. Why not all in the file: looking one of half a million profiles up takes 1.1 µs in memory and 4.7 µs in the
/// page cache, and the disk is the journal's in the first place. Why not all in memory: who has ten million customers
/// need not have the gigabytes for those who never come back.
/// </para>
/// <para>
/// One thread at a time writes. Any thread may read a place that it found under a lock which whoever moves that entry must
/// take too: the chunk is not dropped before, and everything in it was written before its place could be found.
/// </para>
/// </remarks>
/// <param name="limit">Bytes of memory for the chunks.</param>
/// <param name="file">For what goes beyond; the heap disposes of it.</param>
/// <param name="refused">Told when the disk refused.</param>
internal sealed class ProfileHeap(long limit, ProfileFile file, Action refused) : IDisposable
{
    /// <summary>Bytes of a chunk. The largest profile, every byte of its names escaped, is half as large.</summary>
    public const int ChunkBytes = 1 << 20;

    private readonly Stack<int> _free = new();
    private readonly Queue<Chunk> _full = new();
    private Chunk?[] _chunks = new Chunk?[16];
    private int _open = -1;
    private int _count;
    private long _overrun;

    /// <summary>Bytes of entries that count.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Bytes of entries that were replaced and are still there.</summary>
    public long DeadBytes { get; private set; }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that it holds on the disk.</summary>
    public long DiskBytes => file.Bytes;

    /// <summary>Makes room for an entry; the caller writes it before anybody can find its place.</summary>
    public Span<byte> Append(int length, out ProfilePlace place)
    {
        if (length > ChunkBytes)
        {
            throw new InvalidDataException($"A profile of {length} bytes is larger than any can be.");
        }

        if (_open < 0 || _chunks[_open]!.Used + length > ChunkBytes)
        {
            OpenChunk();
        }

        var chunk = _chunks[_open]!;
        place = new ProfilePlace(_open, chunk.Used, length);
        chunk.Used += length;
        LiveBytes += length;
        return chunk.Bytes.AsSpan(place.Offset, length);
    }

    /// <summary>The entry at a place. A buffer that was rented for it is the caller's to return.</summary>
    /// <exception cref="IOException">It lies on the disk, which refused, or gave back something else than it was given.</exception>
    public ProfileEntry Read(ProfilePlace place, ref byte[]? buffer)
    {
        var chunk = Volatile.Read(ref _chunks)[place.Chunk]!;
        if (chunk.Bytes is { } bytes)
        {
            return new ProfileEntry(bytes.AsSpan(place.Offset, place.Length));
        }

        buffer ??= ArrayPool<byte>.Shared.Rent(place.Length);
        if (buffer.Length < place.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(place.Length);
        }

        var target = buffer.AsSpan(0, place.Length);
        var entry = new ProfileEntry(target);
        return file.TryRead(chunk.FileSlot, place.Offset, target) && entry.IsSound ? entry : throw Damaged();
    }

    /// <summary>Notes that the entry at a place no longer counts.</summary>
    public void Release(ProfilePlace place)
    {
        _chunks[place.Chunk]!.Dead += place.Length;
        LiveBytes -= place.Length;
        DeadBytes += place.Length;
    }

    /// <summary>The chunk to be emptied next; −1 while no more than half is dead.</summary>
    public int FindDeadest()
    {
        var deadest = -1;
        if (DeadBytes > LiveBytes && DeadBytes >= 2 * ChunkBytes)
        {
            for (var index = 0; index < _count; index++)
            {
                if (index != _open && _chunks[index] is { } chunk && (deadest < 0 || chunk.Dead > _chunks[deadest]!.Dead))
                {
                    deadest = index;
                }
            }
        }

        return deadest;
    }

    /// <summary>All entries of a full chunk, one behind the other, dead ones too.</summary>
    /// <exception cref="IOException">It lies on the disk, which refused.</exception>
    public ReadOnlySpan<byte> ReadChunk(int index)
    {
        var chunk = _chunks[index]!;
        if (chunk.Bytes is { } bytes)
        {
            return bytes.AsSpan(0, chunk.Used);
        }

        var read = new byte[chunk.Used];
        return file.TryRead(chunk.FileSlot, 0, read) ? read : throw Damaged();
    }

    /// <summary>Forgets a chunk in which nothing counts any more.</summary>
    public void Drop(int index)
    {
        var chunk = _chunks[index]!;
        DeadBytes -= chunk.Dead;
        if (chunk.FileSlot >= 0)
        {
            file.Free(chunk.FileSlot);
        }
        else
        {
            chunk.IsDropped = true;
            chunk.Bytes = null; // A read is within the lock in which its place was found: nobody is reading it.
            while (_full.TryPeek(out var oldest) && oldest.IsDropped)
            {
                _full.Dequeue();
            }

            Bytes -= ChunkBytes;
        }

        _chunks[index] = null;
        _free.Push(index);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void OpenChunk()
    {
        if (_open >= 0)
        {
            _full.Enqueue(_chunks[_open]!);
            Spill();
        }

        if (!_free.TryPop(out _open))
        {
            _open = _count++;
            if (_open == _chunks.Length)
            {
                var more = new Chunk?[_chunks.Length * 2];
                _chunks.CopyTo(more, 0);
                Volatile.Write(ref _chunks, more);
            }
        }

        _chunks[_open] = new Chunk();
        Bytes += ChunkBytes;
    }

    private void Spill()
    {
        if (Bytes + ChunkBytes <= limit + _overrun)
        {
            return;
        }

        try
        {
            while (Bytes + ChunkBytes > limit && _full.TryPeek(out var oldest))
            {
                if (!oldest.IsDropped)
                {
                    oldest.FileSlot = file.Write(oldest.Bytes.AsSpan(0, oldest.Used));
                    oldest.Bytes = null; // Whoever is reading it has his own reference.
                    Bytes -= ChunkBytes;
                }

                _full.Dequeue();
            }

            _overrun = 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _overrun = Bytes - limit + (limit / 16);
            refused();
        }
    }

    private static IOException Damaged() => new("A profile came back from the disk other than it was written.");

    private sealed class Chunk
    {
        private byte[]? _bytes = GC.AllocateUninitializedArray<byte>(ChunkBytes);

        /// <summary>Null once it is on the disk; its slot was set before.</summary>
        public byte[]? Bytes
        {
            get => Volatile.Read(ref _bytes);
            set => Volatile.Write(ref _bytes, value);
        }

        public int FileSlot { get; set; } = -1;

        public int Used { get; set; }

        public int Dead { get; set; }

        public bool IsDropped { get; set; }
    }
}
