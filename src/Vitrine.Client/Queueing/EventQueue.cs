using Microsoft.Extensions.Logging;

namespace Vitrine.Client.Queueing;

/// <summary>
/// Events that no server has acknowledged yet, the oldest first, in files of a folder that processes share. Each process
/// writes files of its own, and takes over those of processes that have ended.
/// </summary>
/// <remarks>
/// For several threads: whoever adds and the one sender hold one lock, each for one short write or read of a file that the
/// operating system holds in memory. Nothing else happens under it: no request is on its way, no other process's file is read,
/// and what is to be logged or counted is told once it is let go. An event that a request holds stays where it is until
/// <see cref="Complete"/>. What this process has open stays within the limit, because room is made before a part is
/// begun, and what would not fit is not taken over.
/// </remarks>
internal sealed class EventQueue : IDisposable
{
    private const int Parts = 16;

    /// <summary>More files are not taken over at a time.</summary>
    private const int MaximumSegments = 64;

    /// <summary>After so long in memory a file is tried again.</summary>
    private static readonly TimeSpan InMemory = TimeSpan.FromSeconds(10);

    /// <summary>So often it is looked whether the file is still there: somebody may have tidied up.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly QueueFolder _folder;
    private readonly long _maximumBytes;
    private readonly TimeProvider _time;
    private readonly ClientMetrics _metrics;
    private readonly ILogger _logger;
    private readonly object _lock = new();
    private readonly List<Segment> _segments = [];
    private List<Action>? _told;
    private Segment? _active;
    private Segment? _isRead;
    private bool _isClosed;
    private int _waiting;
    private long _lookedAt;

    public EventQueue(string folder, long maximumBytes, TimeProvider time, ClientMetrics metrics, ILogger logger)
    {
        (_folder, _maximumBytes, _time, _metrics, _logger) = (new QueueFolder(folder, time), maximumBytes, time, metrics, logger);
        Adopt();
    }

    /// <summary>Events that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Adds an event, a line with its line feed. It outlives this process once this returns; false after the queue was closed.</summary>
    public bool Append(byte[] line)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            var segment = Active(line.Length);
            try
            {
                segment.Append(line);
            }
            catch (IOException fault)
            {
                BeginInMemory(fault).Append(line); // The disk is full.
            }

            _waiting++;
        }

        TellAll();
        return true;
    }

    /// <summary>The oldest events; nothing is taken away yet.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="bytes">At most so many bytes, unless the first is longer.</param>
    public IReadOnlyList<byte[]> Read(int count, int bytes)
    {
        lock (_lock)
        {
            _isRead = _isClosed ? null : _segments.Find(static segment => segment.Waiting > 0);
            return _isRead?.Read(count, bytes) ?? [];
        }
    }

    /// <summary>Takes away what was read last: the server has acknowledged it, or will never take it.</summary>
    public void Complete(IReadOnlyList<byte[]> lines)
    {
        lock (_lock)
        {
            if (_isClosed || _isRead is not { } segment || !_segments.Contains(segment))
            {
                return; // Dropped meanwhile to make room, and counted.
            }

            segment.Advance(lines);
            _waiting -= lines.Count;
            if (segment.Waiting == 0 && segment != _active)
            {
                Remove(segment);
            }
        }

        TellAll();
    }

    /// <summary>Takes over what processes left that have ended, as far as it fits; one thread at a time.</summary>
    public void Adopt()
    {
        foreach (var file in _folder.Files())
        {
            lock (_lock)
            {
                if (_isClosed || _segments.Count >= MaximumSegments || Bytes + file.Bytes > _maximumBytes)
                {
                    break; // Later, or by another process.
                }
            }

            if (Segment.TryOpen(file.Path) is { } segment)
            {
                TakeOver(segment);
            }
        }

        TellAll();
    }

    /// <summary>Lets go of the files. What they hold is sent after the next start.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var segment in _segments.ToList())
            {
                if (segment.Path is null)
                {
                    Drop(segment, "memory");
                }
                else if (segment.Waiting == 0)
                {
                    Remove(segment);
                }
                else
                {
                    segment.Dispose();
                }
            }
        }

        TellAll();
    }

    private long Bytes => _segments.Sum(static segment => segment.Length);

    private void TakeOver(Segment segment)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                segment.Dispose();
                return;
            }

            _segments.Insert(_active is null ? _segments.Count : _segments.Count - 1, segment);
            _waiting += segment.Waiting;
            if (segment.Waiting == 0)
            {
                Remove(segment);
            }
        }
    }

    private Segment Active(int bytes)
    {
        if (_active is { } active && active.Length + bytes <= _maximumBytes / Parts && IsGood(active))
        {
            return active;
        }

        MakeRoom(_maximumBytes / Parts);
        if (_active is { Waiting: 0 } empty)
        {
            Remove(empty);
        }

        try
        {
            return Begin(_folder.Begin());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return BeginInMemory(fault);
        }
    }

    /// <summary>Whether what is added to it would be found by the next start. Looks once in a while.</summary>
    private bool IsGood(Segment segment)
    {
        if (_time.GetElapsedTime(_lookedAt) < (segment.Path is null ? InMemory : Look))
        {
            return true;
        }

        _lookedAt = _time.GetTimestamp();
        return File.Exists(segment.Path);
    }

    private Segment BeginInMemory(Exception fault)
    {
        Tell(() => _logger.KeepsInMemory(_folder.Path, fault));
        return Begin(Segment.InMemory());
    }

    private Segment Begin(Segment segment)
    {
        _lookedAt = _time.GetTimestamp();
        _segments.Add(segment);
        return _active = segment;
    }

    /// <summary>Lets the oldest go, until so many bytes have room.</summary>
    private void MakeRoom(long bytes)
    {
        while (_segments.Count > 0 && Bytes + bytes > _maximumBytes)
        {
            Drop(_segments[0], "full");
        }
    }

    private void Drop(Segment segment, string reason)
    {
        var count = segment.Waiting;
        if (count > 0)
        {
            _waiting -= count;
            Tell(() =>
            {
                _metrics.Dropped(count, reason);
                _logger.Drops(count, reason, _maximumBytes);
            });
        }

        Remove(segment);
    }

    private void Remove(Segment segment)
    {
        _segments.Remove(segment);
        if (segment == _active)
        {
            _active = null;
        }

        try
        {
            segment.Delete();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Tell(() => _logger.CannotDelete(segment.Path!, fault));
        }
    }

    /// <summary>Notes under the lock what is told without it: whoever listens may take long, or report an event himself.</summary>
    private void Tell(Action action) => (_told ??= []).Add(action);

    private void TellAll()
    {
        if (Volatile.Read(ref _told) is null)
        {
            return; // As nearly always: whoever adds an event takes the lock once.
        }

        List<Action>? told;
        lock (_lock)
        {
            (told, _told) = (_told, null);
        }

        told?.ForEach(static action => action());
    }
}
