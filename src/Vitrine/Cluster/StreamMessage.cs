using Vitrine.Journal;
using ZstdSharp;

namespace Vitrine.Cluster;

/// <summary>A commit group as a message of the stream.</summary>
/// <remarks>
/// Four bytes, then the framed records: the version of this layout (1), whether what follows is compressed with Zstandard
/// (1) or not (0), how many records there are, and the place of the first, which is 0 but where a trimmed journal that was
/// moved here begins within a block. The checksum of a frame is seeded with the record's place in the message, because its
/// position is not known when it is written; whoever reads the message puts the position in.
/// </remarks>
internal static class StreamMessage
{
    /// <summary>Bytes that a message adds to a record that is alone in it.</summary>
    public const int Overhead = HeaderLength + RecordFrame.HeaderLength;

    private const byte Version = 1;
    private const int HeaderLength = 4;
    private const int CompressionLevel = 1;

    /// <summary>Writes the message of some records; null where it would be larger than <paramref name="limit"/> bytes, even compressed.</summary>
    public static byte[]? Write(IReadOnlyList<PendingRecord> records, int limit)
    {
        var length = HeaderLength + (RecordFrame.HeaderLength * records.Count) + records.Sum(static record => record.Body.Length);
        var message = GC.AllocateUninitializedArray<byte>(length);
        var offset = HeaderLength;
        for (var index = 0; index < records.Count; index++)
        {
            offset += RecordFrame.Write(message.AsSpan(offset), index, records[index].Body.Written);
        }

        WriteHeader(message, records.Count, 0);
        return length <= limit ? message : Compress(message, limit);
    }

    /// <summary>Writes the message of a group of one block; null likewise.</summary>
    public static byte[]? Write(JournalGroup group, int limit)
    {
        var message = Compose(group);
        return message.Length <= limit ? message : Compress(message, limit);
    }

    /// <summary>Bytes of the message of such a group where it is not to be larger than so many, or as small as it can be made.</summary>
    public static int Measure(JournalGroup group, int limit) => HeaderLength + group.Payload.Length <= limit
        ? HeaderLength + group.Payload.Length
        : Compress(Compose(group), int.MaxValue)!.Length;

    /// <summary>Reads a message as the group that it is in the journal. What is damaged in it is found damaged by whoever walks the group.</summary>
    /// <exception cref="InvalidDataException">It was written by a newer version, or by something else.</exception>
    public static JournalGroup Read(StreamPositions positions, ulong sequence, ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength || message[0] != Version || message[1] > 1 || message[2] + message[3] > StreamPositions.RecordsOfMessage)
        {
            throw new InvalidDataException($"The message {sequence} of the journal's stream is of no layout that this version knows; start the version that wrote it, or a newer one.");
        }

        var (count, place) = (message[2], message[3]);
        var first = positions.FirstOf(sequence) + place;
        using var decompressor = message[1] == 1 ? new Decompressor() : null;
        var payload = decompressor is null ? message[HeaderLength..].ToArray() : decompressor.Unwrap(message[HeaderLength..]).ToArray();
        Place(payload, place, first, count);
        return new JournalGroup(first, count, payload) { LastPosition = positions.LastOf(sequence) };
    }

    private static byte[] Compose(JournalGroup group)
    {
        var place = StreamPositions.PlaceOf(group.FirstPosition);
        byte[] message = [.. new byte[HeaderLength], .. group.Payload.Span];
        Place(message.AsSpan(HeaderLength), group.FirstPosition, place, group.Count);
        WriteHeader(message, group.Count, place);
        return message;
    }

    /// <summary>Numbers the frames from another number on, as far as they are sound.</summary>
    private static void Place(Span<byte> payload, long from, long to, int count)
    {
        for (var index = 0; index < count && RecordFrame.TryRead(payload, from + index, out var record, out _); index++)
        {
            payload = payload[RecordFrame.Write(payload, to + index, record)..];
        }
    }

    private static byte[]? Compress(ReadOnlySpan<byte> message, int limit)
    {
        using var compressor = new Compressor(CompressionLevel);
        var compressed = compressor.Wrap(message[HeaderLength..]);
        if (HeaderLength + compressed.Length > limit)
        {
            return null;
        }

        byte[] written = [.. message[..HeaderLength], .. compressed];
        written[1] = 1;
        return written;
    }

    private static void WriteHeader(Span<byte> message, int count, int place) =>
        (message[0], message[1], message[2], message[3]) = (Version, 0, (byte)count, (byte)place);
}
