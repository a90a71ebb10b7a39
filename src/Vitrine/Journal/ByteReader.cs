using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Journal;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Throws <see cref="InvalidDataException"/> on bytes that cannot be its.</summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The offset of the next byte.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether all bytes are read.</summary>
    public readonly bool AtEnd => Offset == _bytes.Length;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Raw(1)[0];

    /// <summary>Reads an unsigned varint.</summary>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A varint is longer than ten bytes.");
    }

    /// <summary>Reads a varint that counts things still to come, so it cannot exceed the bytes that are left.</summary>
    public int ReadCount() => Within(ReadVarint());

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count) => Offset += Within(count);

    /// <summary>Reads a varint that fits an int.</summary>
    public int ReadInt32()
    {
        var value = ReadVarint();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} does not fit 31 bits.");
    }

    /// <summary>Reads a zigzag integer.</summary>
    public long ReadZigzag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a UUID.</summary>
    public UInt128 ReadUuid() => BinaryPrimitives.ReadUInt128BigEndian(Raw(16));

    /// <summary>Reads length-prefixed UTF-8.</summary>
    public ReadOnlySpan<byte> ReadText() => Raw(ReadCount());

    /// <summary>Passes over length-prefixed bytes and answers where they lie.</summary>
    public Records.Slice ReadSlice() => ReadSlice(ReadVarint());

    /// <summary>Passes over so many bytes and answers where they lie.</summary>
    public Records.Slice ReadSlice(ulong length)
    {
        Skip(length);
        return new Records.Slice(Offset - (int)length, (int)length);
    }

    /// <summary>Reads length-prefixed UTF-8 as a string.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadText());

    /// <summary>The bytes between two offsets already passed.</summary>
    public readonly ReadOnlySpan<byte> Between(int start, int end) => _bytes[start..end];

    private readonly int Within(ulong count) => count <= (ulong)(_bytes.Length - Offset)
        ? (int)count
        : throw new InvalidDataException($"A count of {count} exceeds the {_bytes.Length - Offset} bytes left.");

    private ReadOnlySpan<byte> Raw(int count)
    {
        if (_bytes.Length - Offset < count)
        {
            throw new InvalidDataException($"{count} bytes are wanted where {_bytes.Length - Offset} are left.");
        }

        var raw = _bytes.Slice(Offset, count);
        Offset += count;
        return raw;
    }
}
