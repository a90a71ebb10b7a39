namespace Vitrine.Cluster;

/// <summary>Positions of the journal where it is a stream: each message has room for so many records, numbered behind its sequence.</summary>
/// <remarks>
/// A message's sequence is known when it is acknowledged, so its records' positions, and the ids of their requests, are too,
/// whatever other nodes have written meanwhile. 62^8 ids and 64 records a message leave 3.4 × 10^12 messages: at 18,000 a
/// second six years, at 1,000 a second a hundred.
/// </remarks>
internal static class StreamPositions
{
    /// <summary>Records that a message has room for.</summary>
    public const int RecordsOfMessage = 64;

    /// <summary>The position of a message's first record.</summary>
    public static long FirstOf(ulong sequence) => (long)sequence * RecordsOfMessage;

    /// <summary>The last position of a message, whether there is a record or not; 0 of what was before the first.</summary>
    public static long LastOf(ulong sequence) => sequence == 0 ? 0 : FirstOf(sequence) + RecordsOfMessage - 1;

    /// <summary>In which message a position lies.</summary>
    public static ulong SequenceOf(long position) => (ulong)(position / RecordsOfMessage);

    /// <summary>The first message that may hold a record behind a position.</summary>
    public static ulong SequenceAfter(long position) => Math.Max(1, SequenceOf(position + 1));
}
