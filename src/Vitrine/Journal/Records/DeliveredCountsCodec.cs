namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the record of delivered counts. The layout, byte by byte, stands in <c>docs/journal-format.md</c>; a
/// change of it takes a new <see cref="Version"/>, and old versions stay readable.
/// </summary>
/// <remarks>
/// A busy server writes one a second for each environment, mostly about the same few experiences, so each text is
/// written once and an hour as what it differs from that of the record.
/// </remarks>
public static class DeliveredCountsCodec
{
    /// <summary>The layout that is written.</summary>
    public const byte Version = 1;

    private const long MillisecondsOfHour = 3_600_000;
    private const long HoursOfCalendar = 70_380_768; // Up to the year 9999, which is where reports end.
    private const ulong MostDelivered = 1UL << 40; // 300 million a second; sums of more would overflow some day.

    /// <summary>Appends the record.</summary>
    public static void Write(DeliveredCounts counts, ByteWriter target)
    {
        target.WriteByte((byte)RecordKind.DeliveredCounts);
        target.WriteByte(Version);
        target.WriteVarint((ulong)counts.ReceivedAt);
        target.WriteText(counts.Environment);
        var places = WriteTexts(counts.Counts, target);
        target.WriteVarint((ulong)counts.Counts.Count);
        foreach (var one in counts.Counts)
        {
            foreach (var text in Texts(one))
            {
                target.WriteVarint((ulong)places[text]);
            }

            target.WriteVarint((ulong)one.Version);
            target.WriteZigzag(one.Hour - (counts.ReceivedAt / MillisecondsOfHour));
            target.WriteVarint((ulong)one.Delivered);
        }
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static DeliveredCounts Read(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var kind = reader.ReadByte();
        var version = reader.ReadByte();
        if (kind != (byte)RecordKind.DeliveredCounts || version is not Version)
        {
            throw new InvalidDataException($"A record of kind {kind}, version {version}, is not known to this version of the server.");
        }

        var receivedAt = (long)reader.ReadVarint();
        var environment = reader.ReadString();
        var texts = new string[reader.ReadCount()];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = reader.ReadString();
        }

        var counts = new DeliveredCount[reader.ReadCount()];
        for (var index = 0; index < counts.Length; index++)
        {
            counts[index] = new DeliveredCount(
                ExperienceId: ReadText(ref reader, texts),
                ExperienceName: ReadText(ref reader, texts),
                AudienceId: ReadText(ref reader, texts),
                AudienceName: ReadText(ref reader, texts),
                VariationId: ReadText(ref reader, texts),
                Version: reader.ReadInt32(),
                Hour: ReadHour(ref reader, receivedAt),
                Delivered: ReadDelivered(ref reader));
        }

        return reader.AtEnd
            ? new DeliveredCounts(receivedAt, environment, counts)
            : throw new InvalidDataException("There are bytes behind the delivered counts.");
    }

    /// <summary>Writes each text once; answers where each one stands.</summary>
    private static Dictionary<string, int> WriteTexts(IReadOnlyList<DeliveredCount> counts, ByteWriter target)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in counts.SelectMany(Texts))
        {
            places.TryAdd(text, places.Count);
        }

        target.WriteVarint((ulong)places.Count);
        foreach (var text in places.Keys)
        {
            target.WriteText(text);
        }

        return places;
    }

    private static string[] Texts(DeliveredCount one) => [one.ExperienceId, one.ExperienceName, one.AudienceId, one.AudienceName, one.VariationId];

    private static string ReadText(ref ByteReader reader, string[] texts)
    {
        var index = reader.ReadInt32();
        return index < texts.Length
            ? texts[index]
            : throw new InvalidDataException($"Text {index} is referred to where there are {texts.Length}.");
    }

    private static long ReadHour(ref ByteReader reader, long receivedAt)
    {
        var difference = reader.ReadZigzag();
        var hour = unchecked(difference + (receivedAt / MillisecondsOfHour));
        return hour is >= 0 and < HoursOfCalendar
            ? hour
            : throw new InvalidDataException($"{difference} hours from the receipt lie outside the years 1970 to 9998.");
    }

    private static long ReadDelivered(ref ByteReader reader)
    {
        var delivered = reader.ReadVarint();
        return delivered <= MostDelivered
            ? (long)delivered
            : throw new InvalidDataException($"Nothing is delivered {delivered} times within an hour.");
    }
}
