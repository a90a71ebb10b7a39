using DuckDB.NET.Data;
using Vitrine.Journal.Records;

namespace Vitrine.Projection.Behaviours;

/// <summary>What customers did, for the questions that are asked.</summary>
/// <remarks>
/// <para>
/// <see cref="Watch"/> may be called by any thread; <see cref="Begin"/>, <see cref="Note"/>, <see cref="Apply"/> and
/// <see cref="Follow"/> by the projector's. Without questions a batch costs one look at an empty list.
/// </para>
/// <para>
/// No event is missed or counted twice: a batch adds to exactly those watches that were there when it began, and the
/// first batch that does begins at <see cref="BehaviourWatch.CoveredFrom"/>, where the batch before ended. A history is
/// taken only if it was read at that position or behind (<see cref="BehaviourLoading"/>), and not beyond the last batch that
/// has added: what batches up to there added is then in it, and what comes behind is not. Between the commit of a batch and
/// its adding a history is therefore read again. A batch that fails adds nothing. When the projector has opened another
/// file, or is not where the last batch ended, everything is counted anew.
/// </para>
/// </remarks>
public sealed class BehaviourWatches(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BehaviourQuestion, BehaviourWatch> _byQuestion = [];
    private readonly Dictionary<BehaviourWatch, List<(TextKey Customer, long Time, int Count)>> _noted = [];
    private readonly List<(byte[] EnvironmentId, byte[] CustomerId, bool StartAnew)> _forgotten = []; // Of the batch.
    private BehaviourWatch[] _watches = [];
    private BehaviourWatch[] _ofBatch = [];
    private bool _inBatch;
    private long _generation = -1;
    private long _position;
    private TaskCompletionSource _wanted = NewSignal();

    /// <summary>The counts for a question; the same ones each time until <see cref="KeepOnly"/> drops them.</summary>
    public BehaviourWatch Watch(BehaviourQuestion question)
    {
        lock (_gate)
        {
            if (!_byQuestion.TryGetValue(question, out var watch))
            {
                watch = new BehaviourWatch(question) { CoveredFrom = _inBatch ? null : _position };
                _byQuestion.Add(question, watch);
                _watches = [.. _watches, watch];
                _wanted.TrySetResult();
            }

            return watch;
        }
    }

    /// <summary>The counts for a question; null where nobody asked for it to be watched.</summary>
    public BehaviourWatch? Find(BehaviourQuestion question)
    {
        lock (_gate)
        {
            return _byQuestion.GetValueOrDefault(question);
        }
    }

    /// <summary>Whether the history of every question is counted.</summary>
    public bool AreReady => Array.TrueForAll(Volatile.Read(ref _watches), static watch => watch.IsReady);

    /// <summary>Counts no longer what an environment does not ask any more.</summary>
    public void KeepOnly(string environmentId, IEnumerable<BehaviourWatch> asked)
    {
        var kept = asked.ToHashSet();
        lock (_gate)
        {
            foreach (var watch in _watches.Where(one => one.Question.EnvironmentId == environmentId && !kept.Contains(one)).ToList())
            {
                _byQuestion.Remove(watch.Question);
                _watches = [.. _watches.Where(one => one != watch)]; // A batch that began with it goes on noting for it.
            }
        }
    }

    /// <summary>The projector has opened a file.</summary>
    internal void Follow(long generation, long position)
    {
        lock (_gate)
        {
            var isSame = generation == _generation && position == _position;
            (_generation, _position, _inBatch) = (generation, position, false);
            _noted.Clear();
            _forgotten.Clear();
            foreach (var watch in _watches)
            {
                watch.CoveredFrom = isSame ? watch.CoveredFrom ?? position : position;
                if (!isSame)
                {
                    watch.Reset();
                }
            }

            _wanted.TrySetResult();
        }
    }

    /// <summary>A batch begins.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            (_ofBatch, _inBatch) = (_watches, true);
        }
    }

    /// <summary>An event of the batch counts.</summary>
    /// <param name="environmentId">Whose it is.</param>
    /// <param name="action">Impression or click; null: a goal event.</param>
    /// <param name="name">The id of its experience, or the name of the goal event.</param>
    /// <param name="customerId">Who did it.</param>
    /// <param name="eventTime">Unix seconds.</param>
    internal void Note(ReadOnlySpan<byte> environmentId, EventAction? action, ReadOnlySpan<byte> name, ReadOnlySpan<byte> customerId, long eventTime)
    {
        foreach (var watch in _ofBatch)
        {
            if (watch.IsAbout(environmentId, action, name))
            {
                NotedFor(watch).Add((watch.KeyOf(customerId), eventTime, 1));
            }
        }
    }

    /// <summary>Events that become hourly figures, and are no longer there to be counted after the next start either.</summary>
    /// <param name="environmentId">Whose they are, UTF-8.</param>
    /// <param name="connection">Of the batch, before they go.</param>
    /// <param name="going">A condition in SQL that holds for them.</param>
    /// <param name="now">Unix seconds.</param>
    internal void NoteGone(byte[] environmentId, DuckDBConnection connection, string going, long now)
    {
        foreach (var watch in _ofBatch.Where(one => one.IsOf(environmentId)))
        {
            var events = NotedFor(watch);
            BehaviourSql.Read(
                connection, watch, now - BehaviourSql.OldestSeconds, going, (customer, time, count) => events.Add((customer, time, -count)), CancellationToken.None);
        }
    }

    /// <summary>A customer of whom everything is erased that was counted up to here.</summary>
    /// <param name="environmentId">Whose customer, UTF-8.</param>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="startAnew">Whether some is left after all, so that everything is to be counted anew.</param>
    internal void Forget(byte[] environmentId, byte[] customerId, bool startAnew)
    {
        _forgotten.Add((environmentId, customerId, startAnew));
        foreach (var (watch, events) in _noted.Where(one => one.Key.IsOf(environmentId)))
        {
            var customer = watch.KeyOf(customerId);
            events.RemoveAll(one => one.Customer == customer);
        }
    }

    /// <summary>Whether events of the batch are noted at all.</summary>
    internal bool IsWatching => _ofBatch.Length > 0;

    /// <summary>The batch is committed and ends at a position.</summary>
    internal void Apply(long position)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var (environmentId, customerId, _) in _forgotten)
            {
                foreach (var watch in _watches.Where(one => one.IsOf(environmentId)))
                {
                    watch.Forget(watch.KeyOf(customerId), position);
                }
            }

            foreach (var (watch, events) in _noted)
            {
                watch.Add(events, position, now);
            }

            _noted.Clear();
            (_position, _inBatch) = (position, false);
            foreach (var watch in _watches.Where(watch => _forgotten.Exists(one => one.StartAnew && watch.IsOf(one.EnvironmentId))))
            {
                watch.Reset();
                watch.CoveredFrom = position;
                _wanted.TrySetResult();
            }

            _forgotten.Clear();
            foreach (var watch in _watches)
            {
                watch.CoveredFrom ??= position;
            }
        }
    }

    /// <summary>The watches without a history, as soon as there are some.</summary>
    internal async Task<IReadOnlyList<BehaviourWatch>> NextToLoadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task wanted;
            lock (_gate)
            {
                var waiting = _watches.Where(static watch => !watch.IsReady).ToList();
                if (waiting.Count > 0)
                {
                    return waiting;
                }

                _wanted = NewSignal();
                wanted = _wanted.Task;
            }

            await wanted.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes a history, read from a file at a position. False when it cannot be taken and is to be read again.</summary>
    internal bool TryTake(BehaviourWatch watch, BehaviourHistory history, long generation, long position)
    {
        lock (_gate)
        {
            if (generation != _generation || watch.CoveredFrom is not { } covered || position < covered || position > _position)
            {
                return false;
            }

            watch.Begin(history, position);
            return true;
        }
    }

    private List<(TextKey Customer, long Time, int Count)> NotedFor(BehaviourWatch watch)
    {
        if (!_noted.TryGetValue(watch, out var events))
        {
            _noted.Add(watch, events = []);
        }

        return events;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
