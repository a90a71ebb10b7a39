namespace Vitrine.Journal;

/// <summary>What stands in the journal's file in the place of positions that no record was ever given, as a cluster leaves them: one row for a stretch.</summary>
/// <remarks>
/// Its payload is a frame like that of a record, so its checksum says that it stands where it belongs, and in it how many
/// positions there are: a row that is missing is not taken for positions that were left out.
/// </remarks>
internal static class LeftOutPositions
{
    private const byte Kind = 9;
    private const byte Version = 1;

    /// <summary>The payload of a stretch.</summary>
    public static byte[] Write(long first, long count)
    {
        var record = new ByteWriter(16);
        record.WriteByte(Kind);
        record.WriteByte(Version);
        record.WriteVarint((ulong)count);
        var payload = new ByteWriter(32);
        RecordFrame.Append(payload, first, record.Written);
        return payload.Written.ToArray();
    }

    /// <summary>How many positions a payload stands for; null when it holds records, or is damaged.</summary>
    public static int? Read(ReadOnlySpan<byte> payload, long first)
    {
        if (!RecordFrame.TryRead(payload, first, out var record, out _) || record is not [Kind, Version, ..] || payload.Length != RecordFrame.HeaderLength + record.Length)
        {
            return null;
        }

        try
        {
            var reader = new ByteReader(record[2..]);
            return reader.ReadInt32();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
