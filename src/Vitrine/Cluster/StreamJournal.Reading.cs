using Vitrine.Journal;

namespace Vitrine.Cluster;

internal sealed partial class StreamJournal
{
    /// <summary>How long a record that is known to be there may take to come.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    /// <summary>After so long a cursor that nobody reads is closed.</summary>
    private static readonly TimeSpan CursorLife = TimeSpan.FromMinutes(2);

    private readonly Lock _cursorsGate = new();
    private readonly List<StreamCursor> _cursors = []; // Those that nobody has at the moment.
    private readonly Dictionary<long, long> _looked = []; // Where single looks ended, and when: who goes on there reads on.

    private long _generation; // Cursors of an earlier one may hold what was rewritten since.

    /// <inheritdoc/>
    public JournalGroup? ReadAfter(long position)
    {
        if (position >= Head)
        {
            return null;
        }

        return Borrow(position, isFollowing: false) is { } borrowed ? Read(borrowed, position) : Look(position);
    }

    /// <inheritdoc/>
    public bool WaitBeyond(long position, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        return Use(Borrow(position, isFollowing: true)!.Value, cursor => cursor.Wait(either.Token));
    }

    private JournalGroup Read((StreamCursor Cursor, long Generation) borrowed, long position)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(ReadLimit);
        return Use(borrowed, cursor => cursor.Take() ?? (cursor.Wait(limit.Token) ? cursor.Take() : null))
            ?? throw new IOException($"The record behind {position} did not come within {ReadLimit.TotalSeconds:0} s.");
    }

    /// <summary>
    /// The cursor that stands at a position, for the caller alone until he gives it back; a new one for whoever follows the
    /// stream, or goes on where he has looked. Of two readers at the same position each so has his own.
    /// </summary>
    private (StreamCursor Cursor, long Generation)? Borrow(long position, bool isFollowing)
    {
        lock (_cursorsGate)
        {
            CloseUnused();
            var cursor = _cursors.Find(one => one.Position == position);
            if (cursor is not null)
            {
                _cursors.Remove(cursor);
            }
            else if (_looked.Remove(position) || isFollowing)
            {
                cursor = new StreamCursor(_cluster, _rewritten, position, Reach, NoteMissingAsync, _logger);
            }

            return cursor is null ? null : (cursor, _generation);
        }
    }

    /// <summary>Does something with a borrowed cursor, and gives it back, if it is still of use.</summary>
    private T Use<T>((StreamCursor Cursor, long Generation) borrowed, Func<StreamCursor, T> use)
    {
        var isOfUse = false;
        try
        {
            var result = use(borrowed.Cursor);
            isOfUse = true;
            return result;
        }
        finally
        {
            lock (_cursorsGate)
            {
                isOfUse &= borrowed.Generation == _generation;
                if (isOfUse)
                {
                    _cursors.Add(borrowed.Cursor);
                }
            }

            if (!isOfUse)
            {
                _ = borrowed.Cursor.DisposeAsync().AsTask();
            }
        }
    }

    private void CloseUnused()
    {
        var oldest = Environment.TickCount64 - (long)CursorLife.TotalMilliseconds;
        foreach (var cursor in _cursors.Where(one => one.UsedAt < oldest).ToList())
        {
            _cursors.Remove(cursor);
            _ = cursor.DisposeAsync().AsTask();
        }

        foreach (var place in _looked.Where(one => one.Value < oldest).Select(static one => one.Key).ToList())
        {
            _looked.Remove(place);
        }
    }

    /// <summary>Fetches one message: that of a position, or the first behind it.</summary>
    private JournalGroup? Look(long position)
    {
        try
        {
            var group = Task.Run(() => LookAsync(_cluster.Positions.SequenceAfter(position))).GetAwaiter().GetResult();
            if (group is not null)
            {
                lock (_cursorsGate)
                {
                    _looked[group.LastPosition] = Environment.TickCount64;
                }
            }

            return group;
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault) && fault is not IOException)
        {
            throw new IOException($"The record behind {position} cannot be read: {ClusterConnection.Describe(fault)}.", fault);
        }
    }

    private async Task<JournalGroup?> LookAsync(ulong sequence)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(ReadLimit);
        var found = await _cluster.GetMessageAsync(_cluster.JournalStream, sequence, _cluster.JournalSubject(">"), limit.Token);
        var end = found?.Sequence ?? (_cluster.Positions.SequenceOf(Head) + 1);
        foreach (var missing in await _rewritten.BetweenAsync(sequence, end, limit.Token))
        {
            if (await _rewritten.ReadAsync(missing, limit.Token) is { } instead)
            {
                return StreamMessage.Read(_cluster.Positions, missing, instead);
            }
        }

        return found is not { } message ? null : StreamMessage.Read(_cluster.Positions, message.Sequence, message.Data);
    }

    private async Task CloseCursorsAsync()
    {
        List<StreamCursor> cursors;
        lock (_cursorsGate)
        {
            cursors = [.. _cursors];
            _cursors.Clear();
            _generation++;
        }

        foreach (var cursor in cursors)
        {
            await cursor.DisposeAsync();
        }
    }
}
