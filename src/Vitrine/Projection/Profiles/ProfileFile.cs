using Microsoft.Win32.SafeHandles;

namespace Vitrine.Projection.Profiles;

/// <summary>The file in which chunks of profiles lie that have no more place in memory, each in a slot of its own; see <see cref="ScratchFile"/>.</summary>
/// <remarks>
/// One thread at a time writes and frees. Any thread may read a slot that is not freed meanwhile; see <see cref="ProfileHeap"/>.
/// </remarks>
/// <param name="path">A name for a file that is not there; it is made when it is needed.</param>
internal sealed class ProfileFile(string path) : IDisposable
{
    private readonly Stack<int> _free = new();
    private SafeFileHandle? _file;
    private int _slots;

    /// <summary>Bytes of the slots in use.</summary>
    public long Bytes => (long)(_slots - _free.Count) * ProfileHeap.ChunkBytes;

    /// <summary>Writes a chunk; answers its slot.</summary>
    /// <exception cref="IOException">The disk refused, or would have too little left.</exception>
    /// <exception cref="UnauthorizedAccessException">The disk refused.</exception>
    public int Write(ReadOnlySpan<byte> chunk)
    {
        ScratchFile.RefuseWithoutRoom(path, chunk.Length);
        _file ??= ScratchFile.Create(path);
        var slot = _free.TryPeek(out var freed) ? freed : _slots;
        RandomAccess.Write(_file, chunk, OffsetOf(slot));
        if (slot == _slots)
        {
            _slots++;
        }
        else
        {
            _free.Pop();
        }

        return slot;
    }

    /// <summary>Reads from a slot. False when the file ends before.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool TryRead(int slot, int offset, Span<byte> target) => ScratchFile.TryRead(_file!, target, OffsetOf(slot) + offset);

    /// <summary>Gives a slot back.</summary>
    public void Free(int slot) => _free.Push(slot);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static long OffsetOf(int slot) => (long)slot * ProfileHeap.ChunkBytes;
}
