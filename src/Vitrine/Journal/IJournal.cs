namespace Vitrine.Journal;

/// <summary>
/// The append-only truth of the server: what was accepted, in the order in which it was accepted. Everything else
/// (reports, profiles, receipts) is a view that can be rebuilt from it.
/// </summary>
/// <remarks>
/// A position is a number that grows with every record. <see cref="AppendAsync"/> may be called from any thread and
/// never blocks it. The reading members are synchronous and block the calling thread: each reader owns a thread and
/// keeps its own bookmark. An append that answers anything but <see cref="AppendOutcome.Durable"/> stored nothing that
/// the caller may count on: the same request can be sent again, and the projection drops what it has seen.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>The position of the oldest record still kept; 1 when nothing was ever trimmed.</summary>
    long FirstPosition { get; }

    /// <summary>The position of the newest durable record; 0 when the journal is empty.</summary>
    long Head { get; }

    /// <summary>Whether the last attempt to write succeeded, and why not where it did not.</summary>
    JournalHealth Health { get; }

    /// <summary>Stores a record on stable storage. Completes after the fsync of the group that carried it.</summary>
    ValueTask<AppendResult> AppendAsync(PendingRecord record);

    /// <summary>The first group that holds a record after <paramref name="position"/>; null when there is none yet.</summary>
    JournalGroup? ReadAfter(long position);

    /// <summary>Blocks until there is a record after <paramref name="position"/>. False: cancelled, or closing.</summary>
    bool WaitBeyond(long position, CancellationToken cancellation);
}
