using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Vitrine.Projection;

/// <summary>Interrupts whatever a connection runs once a token is cancelled, until it is disposed of.</summary>
/// <remarks>
/// DuckDB interrupts the statement that runs at the moment and forgets about it: one that begins just after would run to
/// its end. So it is interrupted again and again. Disposing waits until nobody can touch the connection any more.
/// </remarks>
internal sealed class QueryInterruption : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly DuckDBConnection _connection;
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Watches the token.</summary>
    public QueryInterruption(DuckDBConnection connection, CancellationToken stop)
    {
        _connection = connection;
        _timer = new Timer(static self => ((QueryInterruption)self!).Interrupt(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = stop.UnsafeRegister(static self => ((QueryInterruption)self!)._timer.Change(TimeSpan.Zero, Pause), this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        using var ended = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(ended))
        {
            ended.WaitOne();
        }
    }

    private void Interrupt() => NativeMethods.Startup.DuckDBInterrupt(_connection.NativeConnection);
}
