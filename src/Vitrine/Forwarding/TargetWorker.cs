using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Vitrine.Journal;

namespace Vitrine.Forwarding;

/// <summary>Forwards to one target: a thread that reads the journal behind the target's bookmark, batch after batch.</summary>
/// <remarks>
/// At least once: the bookmark moves, durably, only behind a batch of which the target has everything that was not set
/// aside; whatever ends the process before that, the batch is sent again. In order: batches follow each other, lanes
/// keep the order of each customer, and a lane goes on only when nothing of its last delivery is left. Alone: each
/// target has its own thread, connections and memory (one batch); it only reads what the server writes, waits for the
/// projection without hurrying it, and holds nothing that anybody else waits for.
/// </remarks>
internal sealed partial class TargetWorker
{
    /// <summary>How often a bookmark is written that moves over records which are of no concern to the target.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly CountedItems _counted;
    private readonly ForwardingStore _store;
    private readonly IChannel _channel;
    private readonly ForwardingOptions _options;
    private readonly ForwardingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ItemReader _reader;
    private readonly Thread _thread;
    private long _position;
    private long _written;

    public TargetWorker(
        TargetState state, IChannel channel, IJournal journal, CountedItems counted, ForwardingStore store, ForwardingOptions options, ForwardingMetrics metrics, TimeProvider time, ILogger logger)
    {
        (State, _channel, _journal, _counted, _store, _options, _metrics, _time, _logger) = (state, channel, journal, counted, store, options, metrics, time, logger);
        _reader = new ItemReader(Target.Environment, Target.TakesProfiles);
        _thread = new Thread(Run) { Name = $"forward {Target.Name}", IsBackground = true };
    }

    /// <summary>How far it is.</summary>
    public TargetState State { get; }

    /// <summary>How the target is spoken to.</summary>
    public IChannel Channel => _channel;

    private ForwardTarget Target => State.Target;

    /// <summary>Finds the bookmark, or makes one. Before <see cref="Start"/>.</summary>
    public void Prepare()
    {
        var head = _journal.Head;
        var known = _store.Find(Target.Name);
        if (known is not null && known.Environment != Target.Environment)
        {
            // What is kept of it is another environment's, and so would be what is shown of it.
            State.Turn(Activity.Stopped);
            State.Note($"it was a target of {known.Environment}; give the one of {Target.Environment} another name");
            State.Moved(known.Position, known.ReceivedAt, isKept: true);
            OfAnother(Target.Name, known.Environment, Target.Environment);
            return;
        }

        _position = known is null ? (Target.FromBeginning ? _journal.FirstPosition - 1 : head) : Math.Min(known.Position, head);
        if (known is null)
        {
            Began(Target.Name, _position);
        }
        else if (known.Position > head)
        {
            Ahead(Target.Name, known.Position, head);
        }

        if (known is null || known.Position != _position || known.Kind != Target.Kind)
        {
            _store.Begin(Target, _position);
        }

        State.Moved(_position, known?.ReceivedAt ?? 0, isKept: true);
    }

    /// <summary>Sets it going.</summary>
    public void Start(CancellationToken stopping)
    {
        Stopping = stopping;
        _thread.Start();
    }

    /// <summary>Waits until it has stopped.</summary>
    public void Join()
    {
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private CancellationToken Stopping { get; set; }

    private void Run()
    {
        var pause = _options.ShortestPause;
        while (!Stopping.IsCancellationRequested)
        {
            try
            {
                State.Turn(Activity.Idle);
                if (_journal.WaitBeyond(_position, Stopping) && ForwardedBatch.Read(_journal, _position, _reader, _options) is { } batch)
                {
                    ForwardAsync(batch).GetAwaiter().GetResult();
                    pause = _options.ShortestPause;
                }
            }
            catch (Exception) when (Stopping.IsCancellationRequested)
            {
                return; // Whatever was cut short is sent again at the next start.
            }
            catch (Exception fault)
            {
                State.Note(fault is SqliteException or IOException ? "the journal or forwarding.db cannot be read or written" : $"a fault of Vitrine itself: {fault.GetType().Name}");
                Faulted(fault, Target.Name, pause);
                Stopping.WaitHandle.WaitOne(pause);
                pause = _options.After(pause);
            }
        }
    }

    private async Task ForwardAsync(ForwardedBatch batch)
    {
        if (batch.Missed > 0)
        {
            Missed(Target.Name, batch.Missed, batch.First);
        }

        var outcome = new BatchOutcome();
        if (batch.Items.Count > 0)
        {
            State.Holds(batch.Items[0].ReceivedAt);
            var items = await CountedAsync(batch);
            State.Turn(Activity.Sending);
            var sender = new LaneSender(_channel, rest => _counted.OfAsync(Target.Environment, rest, batch.Last, Stopping), State, outcome, Target is MoEngageTarget { Compare: true }, _options, _time);
            var lanes = Lanes.Deal(items, Target.Lanes, Target.KeepsRecordsTogether);
            await Task.WhenAll(lanes.Select(lane => Task.Run(() => sender.SendAsync(lane, Stopping), Stopping)));
        }

        await CompleteAsync(batch, outcome);
    }

    private async Task<IReadOnlyList<ForwardedItem>> CountedAsync(ForwardedBatch batch)
    {
        var pause = _options.ShortestPause;
        State.Turn(Activity.Waiting);
        while (true)
        {
            if (await _counted.OfAsync(Target.Environment, batch.Items, batch.Last, Stopping) is { } items)
            {
                return items;
            }

            await Task.Delay(pause, _time, Stopping);
            pause = pause * 2 < TimeSpan.FromSeconds(5) ? pause * 2 : TimeSpan.FromSeconds(5);
        }
    }

    /// <summary>Once everything is sent only the bookmark is to be written: that alone is tried again, not the batch.</summary>
    private async Task CompleteAsync(ForwardedBatch batch, BatchOutcome outcome)
    {
        var receivedAt = batch.Items.Count > 0 ? batch.Items[^1].ReceivedAt : 0;
        var isDue = batch.Items.Count > 0 || batch.Missed > 0 || Stopwatch.GetElapsedTime(_written) >= IdleInterval;
        for (var pause = _options.ShortestPause; isDue;)
        {
            try
            {
                _store.Complete(Target.Name, batch, receivedAt, outcome);
                _written = Stopwatch.GetTimestamp();
                break;
            }
            catch (SqliteException fault)
            {
                State.Note("forwarding.db cannot be written");
                Faulted(fault, Target.Name, pause);
                await Task.Delay(pause, _time, Stopping);
                pause = _options.After(pause);
            }
        }

        if (outcome.Aside.Count > 0)
        {
            SetAside(Target.Name, outcome.Aside.Count, outcome.Aside[0].Reason);
        }

        _metrics.Missed(Target.Name, batch.Missed);
        _position = batch.Last;
        State.Moved(_position, Math.Max(receivedAt, State.BookmarkReceivedAt), isDue);
    }

    [LoggerMessage(LogLevel.Information, "Forwarding to {Target} begins behind position {Position}")]
    private partial void Began(string target, long position);

    [LoggerMessage(LogLevel.Error, "The target {Target} was one of {Known} and is configured for {Environment}: nothing is sent there. Give it another name")]
    private partial void OfAnother(string target, string known, string environment);

    [LoggerMessage(LogLevel.Error, "The bookmark of {Target} stands at position {Position}, and the journal ends at {Head}: it was restored to an earlier state. Forwarding goes on behind its end")]
    private partial void Ahead(string target, long position, long head);

    [LoggerMessage(LogLevel.Error, "{Records} records before position {First} are gone from the journal and were not forwarded to {Target}")]
    private partial void Missed(string target, long records, long first);

    [LoggerMessage(LogLevel.Warning, "{Target} refused {Items} events, the first because it {Reason}; they are set aside: vitrine forward aside {Target}")]
    private partial void SetAside(string target, int items, string reason);

    [LoggerMessage(LogLevel.Error, "Forwarding to {Target} is interrupted and goes on in {Pause}; nothing is lost")]
    private partial void Faulted(Exception fault, string target, TimeSpan pause);
}
