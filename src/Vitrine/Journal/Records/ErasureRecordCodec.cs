namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the records of erasures (<see cref="RecordKind.Erasure"/>), and of records of which an erasure has left
/// nothing (<see cref="RecordKind.Erased"/>). The layouts stand in <c>docs/journal-format.md</c>.
/// </summary>
public static class ErasureRecordCodec
{
    /// <summary>The layout that is written, of either kind.</summary>
    public const byte Version = 1;

    /// <summary>Appends the record of an erasure.</summary>
    public static void Write(ErasureRecord erasure, ByteWriter target)
    {
        Begin(RecordKind.Erasure, erasure.ReceivedAt, target);
        target.WriteText(erasure.EnvironmentId);
        target.WriteText(erasure.ErasureId);
        target.WriteText(erasure.By);
        target.WriteVarint((ulong)(erasure.Before ?? 0));
        target.WriteVarint((ulong)erasure.Customers.Count);
        foreach (var customer in erasure.Customers)
        {
            target.WriteText(customer);
        }
    }

    /// <summary>Appends what takes the place of a record of which nothing is left.</summary>
    public static void WriteErased(long receivedAt, ReadOnlySpan<byte> environment, ByteWriter target)
    {
        Begin(RecordKind.Erased, receivedAt, target);
        target.WriteText(environment);
    }

    /// <summary>Reads the record of an erasure.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static ErasureRecord Read(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var receivedAt = ReadBeginning(ref reader, RecordKind.Erasure);
        var (environment, id, by, before) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), (long)reader.ReadVarint());
        var customers = new string[reader.ReadCount()];
        for (var index = 0; index < customers.Length; index++)
        {
            customers[index] = reader.ReadString();
        }

        return new ErasureRecord(receivedAt, environment, id, by, before == 0 ? null : before, customers);
    }

    /// <summary>When a record was received of which nothing is left, in Unix milliseconds.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static long ReadErased(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        return ReadBeginning(ref reader, RecordKind.Erased);
    }

    private static void Begin(RecordKind kind, long receivedAt, ByteWriter target)
    {
        target.WriteByte((byte)kind);
        target.WriteByte(Version);
        target.WriteVarint((ulong)receivedAt);
    }

    private static long ReadBeginning(ref ByteReader reader, RecordKind expected)
    {
        var kind = reader.ReadByte();
        var version = reader.ReadByte();
        return kind == (byte)expected && version == Version
            ? (long)reader.ReadVarint()
            : throw new InvalidDataException($"A record of kind {kind}, version {version}, is not known to this version of the server.");
    }
}
