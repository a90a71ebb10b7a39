using System.Buffers.Binary;
using System.IO.Hashing;

namespace Vitrine.Projection.Profiles;

/// <summary>One profile as the heap keeps it: a header of 42 bytes, the customer's id, the attributes as a JSON object.</summary>
/// <remarks>
/// Little endian: checksum of all that follows (8), length of the whole (4), length of the id (2), the customer's number
/// (4), when the profile was updated, in Unix milliseconds (8), the key by which it is found (16).
/// </remarks>
internal readonly ref struct ProfileEntry(ReadOnlySpan<byte> bytes)
{
    private const int LengthAt = 8;
    private const int IdLengthAt = LengthAt + 4;
    private const int CustomerAt = IdLengthAt + 2;
    private const int UpdatedAtAt = CustomerAt + 4;
    private const int KeyAt = UpdatedAtAt + 8;
    private const int HeaderLength = KeyAt + 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>By which it is found.</summary>
    public TextKey Key => new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes[KeyAt..]), BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(KeyAt + 8)..]));

    /// <summary>The customer's number.</summary>
    public int Customer => BinaryPrimitives.ReadInt32LittleEndian(_bytes[CustomerAt..]);

    /// <summary>When it was updated, in Unix milliseconds.</summary>
    public long UpdatedAt => BinaryPrimitives.ReadInt64LittleEndian(_bytes[UpdatedAtAt..]);

    /// <summary>The customer's id, UTF-8.</summary>
    public ReadOnlySpan<byte> CustomerId => _bytes.Slice(HeaderLength, IdLength);

    /// <summary>The attributes, a JSON object.</summary>
    public ReadOnlySpan<byte> Attributes => _bytes[(HeaderLength + IdLength)..];

    /// <summary>The whole.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether all is as it was written.</summary>
    public bool IsSound => XxHash3.HashToUInt64(_bytes[LengthAt..]) == BinaryPrimitives.ReadUInt64LittleEndian(_bytes);

    private int IdLength => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[IdLengthAt..]);

    /// <summary>Bytes that a profile will take.</summary>
    public static int LengthOf(in ProfileRow row) => HeaderLength + row.CustomerId.Length + row.Attributes.Length;

    /// <summary>Bytes of the entry with which a stretch of entries begins.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> entries) => BinaryPrimitives.ReadInt32LittleEndian(entries[LengthAt..]);

    /// <summary>Writes a profile; <paramref name="target"/> has its length.</summary>
    public static void Write(Span<byte> target, TextKey key, in ProfileRow row)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[LengthAt..], target.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(target[IdLengthAt..], checked((ushort)row.CustomerId.Length));
        BinaryPrimitives.WriteInt32LittleEndian(target[CustomerAt..], row.Customer);
        BinaryPrimitives.WriteInt64LittleEndian(target[UpdatedAtAt..], row.UpdatedAt);
        BinaryPrimitives.WriteUInt64LittleEndian(target[KeyAt..], key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(target[(KeyAt + 8)..], key.Low);
        row.CustomerId.CopyTo(target[HeaderLength..]);
        row.Attributes.CopyTo(target[(HeaderLength + row.CustomerId.Length)..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target, XxHash3.HashToUInt64(target[LengthAt..]));
    }
}
