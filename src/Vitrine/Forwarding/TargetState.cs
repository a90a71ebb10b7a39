namespace Vitrine.Forwarding;

/// <summary>What a target does at the moment.</summary>
internal enum Activity
{
    /// <summary>It has not begun.</summary>
    Starting,

    /// <summary>It has sent all there is.</summary>
    Idle,

    /// <summary>It waits for the projection, which says what counts.</summary>
    Waiting,

    /// <summary>It sends.</summary>
    Sending,

    /// <summary>Its state cannot be read or written.</summary>
    Stopped,
}

/// <summary>How far a target is, for whoever asks. Any thread.</summary>
internal sealed class TargetState(ForwardTarget target, ForwardingMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failingLanes;

    /// <summary>The target.</summary>
    public ForwardTarget Target => target;

    /// <summary>The last position of which everything is sent, or set aside; −1 as long as that is not known.</summary>
    public long Bookmark { get; private set; } = -1;

    /// <summary>As far of that as is on disk: from there it goes on after a crash.</summary>
    public long Kept { get; private set; } = -1;

    /// <summary>When the record there was received, Unix milliseconds; 0 where that is not known.</summary>
    public long BookmarkReceivedAt { get; private set; }

    /// <summary>Since when the oldest event waits that is at hand, Unix milliseconds; null when none does.</summary>
    public long? WaitingSince { get; private set; }

    /// <summary>What it does.</summary>
    public Activity Activity { get; private set; }

    /// <summary>The last failure, and when it was; null: none since the start.</summary>
    public (string Reason, DateTimeOffset At)? LastError { get; private set; }

    /// <summary>Whether something is tried again at the moment.</summary>
    public bool IsFailing => Volatile.Read(ref _failingLanes) > 0;

    /// <summary>In one word.</summary>
    public string Word => Activity == Activity.Sending && IsFailing ? "failing" : Activity.ToString().ToLowerInvariant();

    /// <summary>How long the oldest event at hand waits; zero when none does.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (_gate)
            {
                return WaitingSince is { } since && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since) is { Ticks: > 0 } lag ? lag : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The bookmark has moved.</summary>
    public void Moved(long position, long receivedAt, bool isKept)
    {
        lock (_gate)
        {
            (Bookmark, BookmarkReceivedAt, WaitingSince, Kept) = (position, receivedAt, null, isKept ? position : Kept);
        }
    }

    /// <summary>Events are at hand, the oldest of which was received then.</summary>
    public void Holds(long since)
    {
        lock (_gate)
        {
            WaitingSince = since;
        }
    }

    /// <summary>It does something else.</summary>
    public void Turn(Activity activity)
    {
        lock (_gate)
        {
            Activity = activity;
        }
    }

    /// <summary>Items were taken.</summary>
    public void Sent(int items) => metrics.Sent(target.Name, items);

    /// <summary>A try has failed.</summary>
    public void Failed(string reason, bool isFirst)
    {
        metrics.Failed(target.Name);
        Note(reason);
        if (isFirst)
        {
            Interlocked.Increment(ref _failingLanes);
        }
    }

    /// <summary>What failed has come to a verdict.</summary>
    public void Recovered() => Interlocked.Decrement(ref _failingLanes);

    /// <summary>Notes a failure.</summary>
    public void Note(string reason)
    {
        lock (_gate)
        {
            LastError = (reason, time.GetUtcNow());
        }
    }
}
