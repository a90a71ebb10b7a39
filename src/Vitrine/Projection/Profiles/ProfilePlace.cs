namespace Vitrine.Projection.Profiles;

/// <summary>Where an entry lies, in one word, so that no reader ever sees half of it: chunk (23 bits), offset (20) and length (21).</summary>
internal readonly record struct ProfilePlace(ulong Word)
{
    private const int OffsetBits = 20;
    private const int LengthBits = 21;

    /// <summary>The place of an entry.</summary>
    public ProfilePlace(int chunk, int offset, int length)
        : this(((ulong)chunk << (OffsetBits + LengthBits)) | ((ulong)offset << LengthBits) | (uint)length)
    {
    }

    /// <summary>The chunk.</summary>
    public int Chunk => (int)(Word >> (OffsetBits + LengthBits));

    /// <summary>Bytes of the chunk before it.</summary>
    public int Offset => (int)(Word >> LengthBits) & ((1 << OffsetBits) - 1);

    /// <summary>Bytes of the entry.</summary>
    public int Length => (int)Word & ((1 << LengthBits) - 1);
}
