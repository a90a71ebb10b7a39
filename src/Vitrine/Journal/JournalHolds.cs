namespace Vitrine.Journal;

/// <summary>Who else still has to read the journal: it is not trimmed beyond what they say. Any thread.</summary>
public sealed class JournalHolds
{
    private readonly Lock _gate = new();
    private readonly List<Func<long>> _readers = [];
    private long _heldBytes;

    /// <summary>The last position that nobody needs any more; <see cref="long.MaxValue"/> where nobody reads.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count == 0 ? long.MaxValue : _readers.Min(static reader => reader());
            }
        }
    }

    /// <summary>Bytes of groups that would have been trimmed otherwise, when that was last decided.</summary>
    public long HeldBytes
    {
        get => Interlocked.Read(ref _heldBytes);
        set => Interlocked.Exchange(ref _heldBytes, value);
    }

    /// <summary>Adds a reader, which says up to which position it needs nothing any more. Before the server starts.</summary>
    public void Add(Func<long> position)
    {
        lock (_gate)
        {
            _readers.Add(position);
        }
    }
}
