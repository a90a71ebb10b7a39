using System.Buffers.Binary;
using System.IO.Hashing;

namespace Vitrine.Journal;

/// <summary>
/// The frame around each record of a group: four bytes of length, eight of checksum, then the record, all little
/// endian. The checksum is XXH3-64 of the record seeded with its position, so that a sound record at a wrong place is
/// found as surely as a flipped bit.
/// </summary>
public static class RecordFrame
{
    /// <summary>Bytes that a frame adds to a record.</summary>
    public const int HeaderLength = 4 + 8;

    /// <summary>Writes a frame and its record to the start of <paramref name="target"/>; answers the bytes written.</summary>
    public static int Write(Span<byte> target, long position, ReadOnlySpan<byte> record)
    {
        WriteHeader(target, position, record);
        record.CopyTo(target[HeaderLength..]);
        return HeaderLength + record.Length;
    }

    /// <summary>Appends a frame and its record.</summary>
    public static void Append(ByteWriter target, long position, ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        WriteHeader(header, position, record);
        target.WriteRaw(header);
        target.WriteRaw(record);
    }

    /// <summary>Whether <paramref name="source"/> is long enough for the frame that it seems to begin with, and the length of that.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> source, out int length)
    {
        length = source.Length < HeaderLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(source);
        var fits = length >= 0 && length <= source.Length - HeaderLength;
        length += HeaderLength;
        return fits;
    }

    /// <summary>
    /// Reads the record at the start of <paramref name="source"/>. False, with the reason, when the frame is cut short
    /// or its checksum does not fit.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, long position, out ReadOnlySpan<byte> record, out string reason)
    {
        record = default;
        if (source.Length < HeaderLength)
        {
            reason = $"the frame is cut short: {source.Length} bytes where its header takes {HeaderLength}";
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        if (length < 0 || length > source.Length - HeaderLength)
        {
            reason = $"the frame says {length} bytes where {source.Length - HeaderLength} are left";
            return false;
        }

        record = source.Slice(HeaderLength, length);
        if (XxHash3.HashToUInt64(record, position) != BinaryPrimitives.ReadUInt64LittleEndian(source[4..]))
        {
            reason = "the checksum does not fit the record";
            return false;
        }

        reason = "";
        return true;
    }

    private static void WriteHeader(Span<byte> target, long position, ReadOnlySpan<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], XxHash3.HashToUInt64(record, position));
    }
}
