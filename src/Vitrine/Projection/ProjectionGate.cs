namespace Vitrine.Projection;

/// <summary>Lets readers in while the projection's file is open, and gets them out before it is opened again.</summary>
/// <remarks>
/// All connections of the process share one DuckDB instance for as long as any of them is open. After a fault that
/// instance is of no more use, and a reader that lingers would keep it alive for the writer that wants a fresh one. So
/// the projector closes the gate first: running queries are interrupted and it waits until the last has left. Any
/// thread may enter and leave; one opens and closes.
/// </remarks>
internal sealed class ProjectionGate : IDisposable
{
    private readonly object _lock = new();
    private CancellationTokenSource _closing = new();
    private bool _open;
    private int _inside;
    private long _generation;

    /// <summary>Whether readers are let in.</summary>
    public bool IsOpen => Volatile.Read(ref _open);

    /// <summary>
    /// Another number whenever the file may be another one. It does not change while anybody is inside, so what a
    /// reader remembers of the file under this number holds for every reader who finds the same number.
    /// </summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Lets a reader in and answers what tells it to leave. False while the gate is closed.</summary>
    public bool TryEnter(out CancellationToken closing)
    {
        lock (_lock)
        {
            closing = _closing.Token;
            _inside += _open ? 1 : 0;
            return _open;
        }
    }

    /// <summary>A reader leaves.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Opens the gate.</summary>
    public void Open()
    {
        lock (_lock)
        {
            Volatile.Write(ref _open, true);
        }
    }

    /// <summary>Closes the gate and waits until nobody is inside.</summary>
    public void Close()
    {
        CancellationTokenSource closing;
        lock (_lock)
        {
            if (!_open)
            {
                return;
            }

            Volatile.Write(ref _open, false);
            closing = _closing;
            _closing = new CancellationTokenSource();
        }

        closing.Cancel();
        lock (_lock)
        {
            while (_inside > 0)
            {
                Monitor.Wait(_lock);
            }

            Volatile.Write(ref _generation, _generation + 1);
        }

        closing.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();
}
