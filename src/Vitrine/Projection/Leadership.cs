namespace Vitrine.Projection;

/// <summary>Whether this process does what only one may do: roll old events up, rewrite the journal. Alone it always does; of a cluster's nodes one does.</summary>
/// <remarks>Any thread may ask. A leader that is none any more may finish what it has begun: all of it can be done twice, or is told when it is late.</remarks>
public sealed class Leadership
{
    private volatile bool _isLeader = true;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Whether this process keeps a projection.</summary>
    public bool Projects { get; init; } = true;

    /// <summary>Whether it leads.</summary>
    public bool IsLeader
    {
        get => _isLeader;
        set
        {
            _isLeader = value;
            Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        }
    }

    /// <summary>Completes when that changed since this was read.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
