using System.Text;
using NodaTime;
using Vitrine.Journal.Records;

namespace Vitrine.Projection.Behaviours;

/// <summary>How often each customer did what a question asks about.</summary>
/// <remarks>
/// <para>
/// Any thread may ask; the projector's thread adds what it committed, and another one the history. A lock is held for the
/// few look-ups of an answer and for the additions of a batch.
/// </para>
/// <para>
/// Memory: about 40 bytes for each customer who ever did it, and as many for each of his days within the last
/// <see cref="LongestWindow"/>; no object for any of them. Customers are known by a hash of 128 bits under a random key.
/// </para>
/// <para>
/// Exact once the history is there: the history was read at a position, of which every batch lies either before or behind;
/// what was added by batches up to there is dropped, what came behind is added. See <see cref="BehaviourWatches"/> for why
/// no batch is missing.
/// </para>
/// </remarks>
public sealed class BehaviourWatch
{
    /// <summary>Days that can be asked for, today included.</summary>
    public const int LongestWindow = 90;

    private readonly Lock _gate = new();
    private readonly TextHash _hash = new();
    private readonly byte[] _environmentId;
    private readonly byte[]? _name;
    private readonly List<(long Position, TextKey Customer, long Time, int Count)> _waiting = [];
    private readonly List<(long Position, TextKey Customer)> _forgotten = []; // While there is no history.
    private BehaviourHistory? _counts; // Null until the history is there.

    internal BehaviourWatch(BehaviourQuestion question)
    {
        Question = question;
        _environmentId = Encoding.UTF8.GetBytes(question.EnvironmentId);
        _name = question.Name is { } name ? Encoding.UTF8.GetBytes(name) : null;
    }

    /// <summary>What is counted.</summary>
    public BehaviourQuestion Question { get; }

    /// <summary>Whether the history is counted.</summary>
    public bool IsReady => Volatile.Read(ref _counts) is not null;

    /// <summary>The position from which on every batch is added; null while a batch is being made that began without this.</summary>
    internal long? CoveredFrom { get; set; }

    /// <summary>How often a customer did it; −1 while the history is not counted yet.</summary>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="days">1–90: today in the question's zone and the days before; null: ever.</param>
    public long Count(ReadOnlySpan<byte> customerId, long now, int? days)
    {
        var customer = _hash.Of(customerId);
        var today = days is null ? 0 : DayOf(now / 1000);
        lock (_gate)
        {
            return _counts?.Count(customer, today, days) ?? -1;
        }
    }

    /// <summary>Whether an event is one of those.</summary>
    /// <param name="environmentId">Whose it is.</param>
    /// <param name="action">Impression or click; null: a goal event.</param>
    /// <param name="name">The id of its experience, or the name of the goal event.</param>
    internal bool IsAbout(ReadOnlySpan<byte> environmentId, EventAction? action, ReadOnlySpan<byte> name) =>
        action == Question.Action
        && IsOf(environmentId)
        && (_name is null || name.SequenceEqual(_name));

    /// <summary>Whether it is about an environment's customers.</summary>
    internal bool IsOf(ReadOnlySpan<byte> environmentId) => environmentId.SequenceEqual(_environmentId);

    /// <summary>By what a customer is known here.</summary>
    internal TextKey KeyOf(ReadOnlySpan<byte> customerId) => _hash.Of(customerId);

    /// <summary>An empty history, to be filled beside the watch with what happened up to a position.</summary>
    /// <param name="now">Unix milliseconds.</param>
    internal BehaviourHistory NewHistory(long now) => new(DayOf(now / 1000) - LongestWindow);

    /// <summary>Adds events of a batch that was committed; a negative count takes away some that it has made hourly figures of.</summary>
    internal void Add(IReadOnlyList<(TextKey Customer, long Time, int Count)> events, long position, long now)
    {
        lock (_gate)
        {
            foreach (var (customer, time, count) in events)
            {
                if (_counts is { } counts)
                {
                    counts.Add(customer, DayOf(time), count);
                }
                else
                {
                    _waiting.Add((position, customer, time, count));
                }
            }

            _counts?.Prune(DayOf(now / 1000) - LongestWindow);
        }
    }

    /// <summary>Forgets a customer who was erased by a batch that was committed. What the batch has counted behind that is still to be added.</summary>
    internal void Forget(TextKey customer, long position)
    {
        lock (_gate)
        {
            if (_counts is { } counts)
            {
                counts.Forget(customer);
            }
            else
            {
                _waiting.RemoveAll(one => one.Customer == customer);
                _forgotten.Add((position, customer));
            }
        }
    }

    /// <summary>Takes what was counted up to a position, and adds what came behind.</summary>
    /// <param name="history">What happened up to there.</param>
    /// <param name="position">Where the history ends.</param>
    internal void Begin(BehaviourHistory history, long position)
    {
        lock (_gate)
        {
            foreach (var (_, customer) in _forgotten.Where(one => one.Position > position))
            {
                history.Forget(customer);
            }

            foreach (var (_, customer, time, count) in _waiting.Where(one => one.Position > position))
            {
                history.Add(customer, DayOf(time), count);
            }

            _waiting.Clear();
            _forgotten.Clear();
            Volatile.Write(ref _counts, history);
        }
    }

    /// <summary>The file is another one: everything is counted anew.</summary>
    internal void Reset()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _forgotten.Clear();
            Volatile.Write(ref _counts, null);
        }
    }

    /// <summary>Days since 1970 of a moment in Unix seconds, on the calendar of the question's zone.</summary>
    internal int DayOf(long time)
    {
        var offset = Question.Zone.GetUtcOffset(Instant.FromUnixTimeSeconds(time)).Seconds;
        return (int)Math.Floor((time + offset) / 86400.0);
    }
}
