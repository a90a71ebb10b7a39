using System.Collections.Concurrent;

namespace Vitrine.Journal;

/// <summary>Answers records of one commit group on the thread pool: a few in one work item.</summary>
/// <remarks>
/// A work item for each record made the pool's queue the busiest place of a loaded server. One for the whole group would
/// leave the other processors idle and the last of it waiting. Rented and returned; owned by the writer until it is
/// queued, then by the pool's thread that executes it. A continuation is a request going on behind its
/// <c>await</c>: it does not block, and keeps its exceptions to itself.
/// </remarks>
internal sealed class GroupAnswer : IThreadPoolWorkItem
{
    private const int MaximumRecords = 16;
    private const int KeptAnswers = 256;
    private static readonly ConcurrentQueue<GroupAnswer> Pool = new();

    private readonly PendingRecord[] _records = new PendingRecord[MaximumRecords];
    private int _count;
    private AppendOutcome _outcome;
    private long _first;

    /// <summary>Gives the records their answer, and positions from <paramref name="first"/> on if they are durable.</summary>
    public static void Queue(ReadOnlySpan<PendingRecord> records, AppendOutcome outcome, long first)
    {
        for (var start = 0; start < records.Length; start += MaximumRecords)
        {
            var answer = Pool.TryDequeue(out var kept) ? kept : new GroupAnswer();
            answer._count = Math.Min(MaximumRecords, records.Length - start);
            records.Slice(start, answer._count).CopyTo(answer._records);
            (answer._outcome, answer._first) = (outcome, first + start);
            ThreadPool.UnsafeQueueUserWorkItem(answer, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var index = 0; index < _count; index++)
        {
            var position = _outcome == AppendOutcome.Durable ? _first + index : 0;
            _records[index].Complete(new AppendResult(_outcome, position));
        }

        Array.Clear(_records, 0, _count);
        if (Pool.Count < KeptAnswers)
        {
            Pool.Enqueue(this);
        }
    }
}
