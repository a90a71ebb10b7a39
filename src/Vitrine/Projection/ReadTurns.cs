namespace Vitrine.Projection;

/// <summary>Turns for queries of one kind: some at once, a bounded number waiting.</summary>
internal sealed class ReadTurns(int atOnce, TimeSpan limit) : IDisposable
{
    private const int WaitingPerTurn = 16;

    private readonly SemaphoreSlim _turns = new(atOnce);
    private int _present;

    /// <summary>How long a turn may take.</summary>
    public TimeSpan Limit => limit;

    /// <summary>Waits for a turn. False when too many are waiting already.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _present) > atOnce * (1 + WaitingPerTurn))
        {
            Interlocked.Decrement(ref _present);
            return false;
        }

        try
        {
            await _turns.WaitAsync(cancellation);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _present);
            throw;
        }
    }

    /// <summary>Ends a turn.</summary>
    public void Return()
    {
        _turns.Release();
        Interlocked.Decrement(ref _present);
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
