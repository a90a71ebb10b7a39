using System.Buffers.Binary;

namespace Vitrine.Journal.Records;

/// <summary>UUIDs between their 128-bit form, in which they are compared and stored, and their text.</summary>
public static class Uuids
{
    /// <summary>The lower-case text with hyphens.</summary>
    public static string Format(UInt128 uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, uuid);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>The 128-bit form.</summary>
    public static UInt128 Of(Guid identifier)
    {
        Span<byte> bytes = stackalloc byte[16];
        identifier.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
