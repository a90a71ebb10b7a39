using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vitrine.Journal;

/// <summary>
/// A growing byte buffer with the primitives of the journal format: LEB128 varints, zigzag integers, length-prefixed
/// UTF-8 text. Reused between requests; not for use by two threads at once.
/// </summary>
public sealed class ByteWriter : IBufferWriter<byte>
{
    private byte[] _buffer;

    /// <summary>Creates a buffer.</summary>
    /// <param name="capacity">Bytes to start with; the buffer doubles when they do not suffice.</param>
    public ByteWriter(int capacity = 1024) => _buffer = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes fit without growing.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>The bytes written so far. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets everything written, keeping the memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was written behind the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Appends one byte.</summary>
    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    /// <summary>Appends an unsigned LEB128 varint: seven bits a byte, lowest first.</summary>
    public void WriteVarint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[Length++] = (byte)value;
    }

    /// <summary>Appends a signed integer as a zigzag varint, so that small magnitudes of either sign are short.</summary>
    public void WriteZigzag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Appends a UUID as its 16 bytes in the order of its text.</summary>
    public void WriteUuid(UInt128 value)
    {
        Reserve(16);
        BinaryPrimitives.WriteUInt128BigEndian(_buffer.AsSpan(Length), value);
        Length += 16;
    }

    /// <summary>Appends UTF-8 bytes behind their length.</summary>
    public void WriteText(ReadOnlySpan<byte> utf8)
    {
        WriteVarint((ulong)utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Appends a string as UTF-8 behind its length in bytes.</summary>
    public void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteVarint((ulong)length);
        Reserve(length);
        Encoding.UTF8.GetBytes(text, _buffer.AsSpan(Length));
        Length += length;
    }

    /// <summary>Appends bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Grow(count);
        }
    }

    private void Grow(int count) =>
        Array.Resize(ref _buffer, Math.Max(checked(Length + count), _buffer.Length * 2));
}
