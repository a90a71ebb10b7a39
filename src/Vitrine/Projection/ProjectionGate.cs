using System.Diagnostics;

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
    /// <summary>How long readers wait, and are waited for, where the file is only exchanged for one of the same content.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private CancellationTokenSource _closing = new();
    private bool _open;
    private bool _reopening;
    private int _inside;
    private long _generation;

    /// <summary>Whether readers are let in.</summary>
    public bool IsOpen => Volatile.Read(ref _open);

    /// <summary>
    /// Another number whenever the file may be another one. It does not change while anybody is inside, so what a
    /// reader remembers of the file under this number holds for every reader who finds the same number.
    /// </summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Lets a reader in and answers what tells it to leave. False while the gate is closed, but for a moment in which the file is only exchanged.</summary>
    public bool TryEnter(out CancellationToken closing)
    {
        lock (_lock)
        {
            WaitWhile(() => _reopening && !_open);
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
            _reopening = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Says that the file may be another one from now on. Only while the gate is closed.</summary>
    public void Renew()
    {
        lock (_lock)
        {
            Volatile.Write(ref _generation, _generation + 1);
        }
    }

    /// <summary>Closes the gate and waits until nobody is inside.</summary>
    /// <param name="keepsContent">Whether the file that is opened next has the same content, row by row.</param>
    public void Close(bool keepsContent = false)
    {
        CancellationTokenSource closing;
        lock (_lock)
        {
            if (!_open)
            {
                return;
            }

            Volatile.Write(ref _open, false);
            _reopening = keepsContent;
            if (keepsContent)
            {
                WaitWhile(() => _inside > 0); // Most are done sooner than they could ask again.
            }

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

            Volatile.Write(ref _generation, _generation + (keepsContent ? 0 : 1));
        }

        closing.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();

    private void WaitWhile(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (condition() && Patience - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            Monitor.Wait(_lock, left);
        }
    }
}
