namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the records of changes of a profile: attributes that are set (<see cref="RecordKind.CustomerProfile"/>)
/// and the profile's removal (<see cref="RecordKind.CustomerRemoval"/>). The layout stands in
/// <c>docs/journal-format.md</c>; a change of it takes a new <see cref="Version"/>, and old versions stay readable.
/// </summary>
public static class CustomerRecordCodec
{
    /// <summary>The layout that is written, of either kind.</summary>
    public const byte Version = 1;

    /// <summary>Appends the record of a change.</summary>
    public static void Write(in CustomerRecord change, ByteWriter target)
    {
        target.WriteByte((byte)(change.IsRemoval ? RecordKind.CustomerRemoval : RecordKind.CustomerProfile));
        target.WriteByte(Version);
        target.WriteVarint((ulong)change.ReceivedAt);
        target.WriteText(change.Environment);
        target.WriteText(change.CustomerId);
        if (!change.IsRemoval)
        {
            target.WriteText(change.Attributes);
        }
    }

    /// <summary>Reads the record of a change.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static CustomerRecord Read(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var kind = (RecordKind)reader.ReadByte();
        var version = reader.ReadByte();
        if (kind is not (RecordKind.CustomerProfile or RecordKind.CustomerRemoval) || version != Version)
        {
            throw new InvalidDataException($"A record of kind {(byte)kind}, version {version}, is not known to this version of the server.");
        }

        var receivedAt = (long)reader.ReadVarint();
        var environment = reader.ReadText();
        var customer = reader.ReadText();
        if (kind == RecordKind.CustomerRemoval)
        {
            return new CustomerRecord(receivedAt, environment, customer, default);
        }

        var attributes = reader.ReadText();
        return attributes.IsEmpty
            ? throw new InvalidDataException("A record that sets attributes has none.")
            : new CustomerRecord(receivedAt, environment, customer, attributes);
    }
}
