namespace Vitrine.Cluster;

/// <summary>Positions of the journal where it is a stream: each message has room for so many records, and is one block of positions.</summary>
/// <remarks>
/// A message's sequence is known when it is acknowledged, so its records' positions, and the ids of their requests, are too,
/// whatever other nodes have written meanwhile. 62^8 ids and 64 records a message leave 3.4 × 10^12 messages: at 18,000 a
/// second six years, at 1,000 a second a hundred. Of a journal that was moved into a cluster the first message is the block
/// in which it began, so that its records keep their positions.
/// </remarks>
/// <param name="FirstBlock">The block that the first message is: its first position is 64 times that. 1 of a stream that began empty.</param>
internal readonly record struct StreamPositions(long FirstBlock)
{
    /// <summary>Records that a message has room for.</summary>
    public const int RecordsOfMessage = 64;

    /// <summary>The place of a position in its message.</summary>
    public static int PlaceOf(long position) => (int)(position % RecordsOfMessage);

    /// <summary>The first position of a message.</summary>
    public long FirstOf(ulong sequence) => ((long)sequence - 1 + FirstBlock) * RecordsOfMessage;

    /// <summary>The last position of a message, whether there is a record or not; 0 of what was before the first.</summary>
    public long LastOf(ulong sequence) => sequence == 0 ? 0 : FirstOf(sequence) + RecordsOfMessage - 1;

    /// <summary>In which message a position lies; 0 of one that lies before the first.</summary>
    public ulong SequenceOf(long position) => (ulong)Math.Max(0, (position / RecordsOfMessage) - FirstBlock + 1);

    /// <summary>The first message that may hold a record behind a position.</summary>
    public ulong SequenceAfter(long position) => Math.Max(1, SequenceOf(position + 1));
}
