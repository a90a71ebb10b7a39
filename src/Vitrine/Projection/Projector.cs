using System.Diagnostics;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Profiles;

namespace Vitrine.Projection;

/// <summary>Keeps the projection up to date: one thread reads the journal in order and commits batch after batch.</summary>
/// <remarks>
/// <para>
/// A batch takes whatever the journal holds, so it is one request when it is quiet and many thousands under load. A
/// transaction costs milliseconds however small it is, so under load they begin at least <see cref="Interval"/> apart;
/// the first request after a quiet moment is projected at once, and whoever waits for a position hurries it. Reports
/// see a batch whole or not at all.
/// </para>
/// <para>
/// A fault (disk full, a DuckDB error) costs the open batch, never an event: the writer is thrown away and opened
/// again, after a pause that grows to 5 s until a batch succeeds, and goes on behind the last committed record. Reports
/// read on meanwhile, as long as a connection kept for the purpose can. A file that cannot be opened
/// because it is damaged, or that claims records which the journal does not have, is set aside under another name and
/// built anew. The acknowledging of requests does not depend on any of this.
/// </para>
/// </remarks>
public sealed partial class Projector : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly IJournal _journal;
    private readonly ProjectionPaths _paths;
    private readonly IBaseStore _bases;
    private readonly ProjectionOptions _options;
    private readonly ProjectionMetrics _metrics;
    private readonly CustomerProfiles _profiles;
    private readonly BehaviourWatches _behaviours;
    private readonly TimeProvider _time;
    private readonly ILogger<Projector> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly AutoResetEvent _hurry = new(initialState: false);
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly long _headAtStart;
    private CancellationTokenSource _trust = new();
    private CancellationTokenSource _interruption = new(); // Of the wait for the next record.
    private volatile string? _distrusted;
    private TimeSpan _pause;
    private volatile bool _complete;
    private bool _opened;
    private DuckDBConnection? _kept;
    private bool _disposed;
    private TaskCompletionSource _moved = NewSignal();
    private TaskCompletionSource _erased = NewSignal();
    private ProjectionProgress _progress = new(0, 0);

    /// <summary>Prepares the projector; <see cref="Start"/> sets it going.</summary>
    public Projector(
        IJournal journal,
        ProjectionPaths paths,
        IBaseStore bases,
        ProjectionOptions options,
        ProjectionMetrics metrics,
        CustomerProfiles profiles,
        BehaviourWatches behaviours,
        TimeProvider time,
        ILogger<Projector> logger)
    {
        (_journal, _paths, _bases, _options, _metrics, _profiles, _behaviours, _time, _logger) = (journal, paths, bases, options, metrics, profiles, behaviours, time, logger);
        _headAtStart = journal.Head;
        _metrics.Watch(Lag);
        _thread = new Thread(Run) { Name = "projector", IsBackground = true };
    }

    /// <summary>How far the reports reach.</summary>
    public ProjectionProgress Progress => Volatile.Read(ref _progress);

    /// <summary>Completes when an erasure was projected since this was read.</summary>
    public Task NextErasure => Volatile.Read(ref _erased).Task;

    /// <summary>Whether the DuckDB file is open, so that reports can be read.</summary>
    public bool IsOpen => Gate.IsOpen;

    /// <summary>Whether the projection holds all that the journal no longer does.</summary>
    public bool IsComplete
    {
        get => _complete;
        private set => _complete = value;
    }

    /// <summary>Through which readers come.</summary>
    internal ProjectionGate Gate { get; } = new();

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Finishes the batch at hand and stops; what is not projected yet is projected at the next start.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _hurry.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Stop();
            _stopping.Dispose();
            _trust.Dispose();
            _interruption.Dispose();
            Gate.Dispose();
            _hurry.Dispose();
        }
    }

    /// <summary>A reader has found a block that is not as it was written: the file is to be set aside. Only from inside the gate.</summary>
    internal void Distrust(Exception fault)
    {
        _distrusted = fault.Message;
        _trust.Cancel();
        _hurry.Set();
    }

    private void Run()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                ProjectUntilInterrupted();
                if (IsCompactionAsked && !_stopping.IsCancellationRequested)
                {
                    Compact();
                }
            }
            catch (Exception fault)
            {
                _metrics.Restarted();
                _pause = _pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : _pause * 2;
                _pause = _pause < LongestPause ? _pause : LongestPause;
                Faulted(fault, _pause);
                _distrusted ??= ProjectionFile.MeansCorruption(fault) ? fault.Message : null;
                ForgetHandedOn();
                CloseUnlessReadable();
            }

            _stopping.Token.WaitHandle.WaitOne(_pause);
        }

        ForgetHandedOn();
        Close();
    }

    private void ProjectUntilInterrupted()
    {
        using var writer = Open();
        _kept ??= ProjectionFile.Open(_paths.File, _options);
        Gate.Open();
        _profiles.Follow(Gate.Generation, writer.Position);
        _behaviours.Follow(Gate.Generation, writer.Position);
        Publish(writer);
        Follow(writer);
        if (IsCompactionAsked)
        {
            _handedOn = writer.HandOn();
        }
    }

    /// <summary>A full disk leaves the file readable; a fault that is fatal to DuckDB leaves only opening it anew.</summary>
    private void CloseUnlessReadable()
    {
        try
        {
            if (_kept is not null)
            {
                ProjectionFile.Position(_kept);
            }
        }
        catch (DuckDBException)
        {
            Close();
        }
    }

    /// <summary>Sends the readers away and lets go of the file, so that the next opening is of a fresh instance.</summary>
    private void Close(bool keepsContent = false)
    {
        Gate.Close(keepsContent);
        _kept?.Dispose();
        _kept = null;
    }

    /// <summary>Ends the wait for the next record.</summary>
    private void WakeUp()
    {
        lock (_gate)
        {
            _interruption.Cancel();
        }

        _hurry.Set();
    }

    private void Follow(ProjectionWriter writer)
    {
        CancellationTokenSource interruption;
        lock (_gate)
        {
            _interruption.Dispose();
            interruption = _interruption = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, _trust.Token);
        }

        for (var started = 0L; !IsCompactionAsked && _journal.WaitBeyond(writer.Position, interruption.Token);)
        {
            if (Interval - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                _hurry.WaitOne(early);
            }

            started = Stopwatch.GetTimestamp();
            writer.ProjectBatch(_journal, _options.BatchEvents, mayLack: !IsComplete);
            _pause = TimeSpan.Zero;
            foreach (var damage in writer.Damages)
            {
                Quarantined(damage);
            }

            Publish(writer);
            if (writer.HasErased)
            {
                Interlocked.Exchange(ref _erased, NewSignal()).SetResult();
            }
        }
    }

    private void Publish(ProjectionWriter writer)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            Volatile.Write(ref _progress, new ProjectionProgress(writer.Position, writer.CommittedReceivedAt));
            moved = _moved;
            _moved = NewSignal();
        }

        moved.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Records that are not projected yet, and how long ago the last one that is was received; zero where there is none.</summary>
    public (long Records, TimeSpan Age) Lag()
    {
        var progress = Progress;
        var records = _journal.CountBehind(progress.Position);
        return (records, records == 0 ? TimeSpan.Zero : _time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(progress.ReceivedAt));
    }

    [LoggerMessage(LogLevel.Error, "The projection was interrupted and is opened again in {Pause}; nothing is lost, reports are late")]
    private partial void Faulted(Exception fault, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "Records of the journal cannot be read and are not counted; they are noted in quarantine: {Damage}")]
    private partial void Quarantined(string damage);
}
