namespace Vitrine.Journal;

/// <summary>
/// The append-only truth of the server: what was accepted, in the order in which it was accepted. Everything else
/// (reports, profiles, receipts) is a view that can be rebuilt from it.
/// </summary>
/// <remarks>
/// A position is a number that grows with every record; numbers may be left out. <see cref="AppendAsync"/> may be called from any thread and
/// never blocks it. The reading members are synchronous and block the calling thread: each reader owns a thread and
/// keeps its own bookmark. An append that answers anything but <see cref="AppendOutcome.Durable"/> stored nothing that
/// the caller may count on: the same request can be sent again, and the projection drops what it has seen.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>The position of the oldest record still kept; 1 when nothing was ever trimmed.</summary>
    long FirstPosition { get; }

    /// <summary>The position of the newest durable record that is known of here; 0 when the journal is empty.</summary>
    long Head { get; }

    /// <summary>Bytes of the largest record that is taken, whatever it holds.</summary>
    long MaximumRecord { get; }

    /// <summary>Whether the last attempt to write succeeded, and why not where it did not.</summary>
    JournalHealth Health { get; }

    /// <summary>How many records that are known of stand behind a position; of a journal that leaves numbers out at least so many groups.</summary>
    long CountBehind(long position);

    /// <summary>Asks for the newest durable record, whoever wrote it: a report that waits for it knows all that was acknowledged before.</summary>
    ValueTask<long> FindHeadAsync(CancellationToken cancellation);

    /// <summary>Stores a record on stable storage. Completes when the group that carried it is there.</summary>
    /// <param name="environmentId">Whose it is.</param>
    /// <param name="record">In the journal's hands until the answer.</param>
    ValueTask<AppendResult> AppendAsync(string environmentId, PendingRecord record);

    /// <summary>The first group that holds a record after <paramref name="position"/>; null when there is none yet.</summary>
    JournalGroup? ReadAfter(long position);

    /// <summary>Blocks until there is a record after <paramref name="position"/>. False: cancelled, or closing.</summary>
    bool WaitBeyond(long position, CancellationToken cancellation);

    /// <summary>Completes, with the reason, when nothing may be acknowledged any more and the process must end.</summary>
    Task<string> Fatal { get; }

    /// <summary>
    /// The last position that the retention options no longer keep; less than <see cref="FirstPosition"/> when all of
    /// the journal is to be kept. The newest group is always kept.
    /// </summary>
    Task<long> FindExpiredAsync(CancellationToken cancellation);

    /// <summary>The bytes, or about so many, of the groups that begin behind one position and up to another.</summary>
    Task<long> MeasureAsync(long after, long last, CancellationToken cancellation);

    /// <summary>
    /// Removes the groups that end at or before <paramref name="position"/>; answers the first position still held.
    /// The caller has made sure that nobody needs them. Appends go on in between.
    /// </summary>
    Task<long> TrimAsync(long position);

    /// <summary>Replaces records up to a position; answers how many groups were changed.</summary>
    /// <param name="last">The last position that is looked at.</param>
    /// <param name="rewrite">Says what takes the place of each sound record.</param>
    /// <param name="mustGo">Whether bytes that are no sound record any more must go too; they are overwritten.</param>
    /// <param name="cancellation">Ends it between two groups.</param>
    Task<int> RewriteAsync(long last, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo, CancellationToken cancellation);

    /// <summary>Overwrites what is left of what was there before records were replaced.</summary>
    /// <exception cref="IOException">That cannot be done now; to be tried again later.</exception>
    Task OverwriteRemainsAsync(CancellationToken cancellation);
}
