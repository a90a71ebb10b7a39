using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Journal.Records;

/// <summary>UUIDs between their 128-bit form, in which they are compared and stored, and their text.</summary>
public static class Uuids
{
    // Where the digits of a text with hyphens stand in the vectors that begin at its characters 0, 16 and 20; 255 is none.
    private static readonly Vector128<byte> StartOfFirst = Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 255, 255);
    private static readonly Vector128<byte> EndOfFirst = Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1);
    private static readonly Vector128<byte> StartOfLast = Vector128.Create((byte)3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255);
    private static readonly Vector128<byte> EndOfLast = Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 12, 13, 14, 15);

    /// <summary>The lower-case text with hyphens.</summary>
    public static string Format(UInt128 uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, uuid);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Reads 36 characters with hyphens or 32 without, in either case. False when the text is neither.</summary>
    /// <remarks>Both forms come down to 32 digits in two vectors, which are checked and paired without a branch.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 uuid)
    {
        Vector128<byte> first, last;
        uuid = default;
        if (text.Length == 36)
        {
            if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
            {
                return false;
            }

            var (start, middle, end) = (Vector128.Create(text), Vector128.Create(text[16..]), Vector128.Create(text[20..]));
            first = Vector128.Shuffle(start, StartOfFirst) | Vector128.Shuffle(middle, EndOfFirst);
            last = Vector128.Shuffle(middle, StartOfLast) | Vector128.Shuffle(end, EndOfLast);
        }
        else if (text.Length == 32)
        {
            (first, last) = (Vector128.Create(text), Vector128.Create(text[16..]));
        }
        else
        {
            return false;
        }

        if (!TryPair(first, out var high) || !TryPair(last, out var low))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        Vector128.Narrow(high, low).CopyTo(bytes);
        uuid = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>The values of eight pairs of hexadecimal digits.</summary>
    private static bool TryPair(Vector128<byte> digits, out Vector128<ushort> values)
    {
        var number = digits - Vector128.Create((byte)'0');
        var letter = (digits | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var isNumber = Vector128.LessThan(number, Vector128.Create((byte)10));
        var isLetter = Vector128.LessThan(letter, Vector128.Create((byte)6));
        var pairs = Vector128.ConditionalSelect(isNumber, number, letter + Vector128.Create((byte)10)).AsUInt16();
        values = ((pairs << 4) | (pairs >> 8)) & Vector128.Create((ushort)0xFF); // The first digit is the lower byte.
        return (isNumber | isLetter) == Vector128<byte>.AllBitsSet;
    }

    /// <summary>A UUID of version 8 (RFC 9562) that stands for a text: the first 122 free bits of its SHA-256.</summary>
    public static UInt128 OfText(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The 128-bit form.</summary>
    public static UInt128 Of(Guid identifier)
    {
        Span<byte> bytes = stackalloc byte[16];
        identifier.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
