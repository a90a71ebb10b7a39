using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace Vitrine.Journal;

/// <summary>
/// A record on its way into the journal: its bytes and the promise of an answer. Rented and returned, so that a
/// request in steady state allocates neither.
/// </summary>
/// <remarks>
/// One owner at a time: the request until <see cref="IJournal.AppendAsync"/>, then the journal until the answer is
/// given, then the request again, which returns it. The answer's continuation runs where the answer is given, which is
/// a <see cref="GroupAnswer"/> on the thread pool, never the journal's writer thread. A record may be appended again after an answer (<see cref="Arm"/> resets the promise).
/// </remarks>
public sealed class PendingRecord : IValueTaskSource<AppendResult>
{
    private const int KeptBufferLength = 256 * 1024;
    private const int KeptRecords = 1024;
    private static readonly ConcurrentQueue<PendingRecord> Pool = new();

    private ManualResetValueTaskSourceCore<AppendResult> _answer;

    private PendingRecord()
    {
    }

    /// <summary>The bytes of the record.</summary>
    public ByteWriter Body { get; } = new();

    /// <summary>Takes a record with an empty body.</summary>
    public static PendingRecord Rent() => Pool.TryDequeue(out var record) ? record : new PendingRecord();

    /// <summary>Gives the record back. It must not be in the journal's hands.</summary>
    public void Return()
    {
        Body.Clear();
        if (Body.Capacity <= KeptBufferLength && Pool.Count < KeptRecords)
        {
            Pool.Enqueue(this);
        }
    }

    /// <summary>Resets the promise and answers the task that will carry the result.</summary>
    internal ValueTask<AppendResult> Arm()
    {
        _answer.Reset();
        return new ValueTask<AppendResult>(this, _answer.Version);
    }

    /// <summary>Gives the answer.</summary>
    internal void Complete(AppendResult result) => _answer.SetResult(result);

    AppendResult IValueTaskSource<AppendResult>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<AppendResult>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<AppendResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
