using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Vitrine.Client.Queueing;

/// <summary>
/// Events that no server has acknowledged yet, the oldest first, in files of a folder that processes share. Each process
/// writes files of its own, and takes over those of processes that have ended.
/// </summary>
/// <remarks>
/// For several threads: whoever adds and the one sender hold one lock, each for one short write or read of a file that the
/// operating system holds in memory, and never while a request is on its way. An event that a request holds stays where it is until
/// <see cref="Complete"/>. The folder stays within its limit, because room is made before a part is begun.
/// </remarks>
internal sealed class EventQueue : IDisposable
{
    private const string Extension = ".queue";
    private const int Parts = 16;

    /// <summary>After so long in memory a file is tried again.</summary>
    private static readonly TimeSpan InMemory = TimeSpan.FromSeconds(10);

    private readonly string _folder;
    private readonly long _maximumBytes;
    private readonly long _partBytes;
    private readonly TimeProvider _time;
    private readonly ClientMetrics _metrics;
    private readonly ILogger _logger;
    private readonly object _lock = new();
    private readonly List<Segment> _segments = [];
    private Segment? _active;
    private Segment? _isRead;
    private bool _isClosed;
    private int _waiting;
    private long _inMemorySince;

    public EventQueue(string folder, long maximumBytes, TimeProvider time, ClientMetrics metrics, ILogger logger)
    {
        (_folder, _maximumBytes, _partBytes, _time, _metrics, _logger) = (folder, maximumBytes, maximumBytes / Parts, time, metrics, logger);
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
                segment = BeginInMemory(fault); // The disk is full.
                segment.Append(line);
            }

            _waiting++;
            return true;
        }
    }

    /// <summary>The oldest events; nothing is taken away yet.</summary>
    /// <param name="count">At most so many.</param>
    /// <param name="bytes">At most so many bytes, unless the first is longer.</param>
    public IReadOnlyList<byte[]> Read(int count, int bytes)
    {
        lock (_lock)
        {
            _isRead = _segments.Find(static segment => segment.Waiting > 0);
            return _isRead?.Read(count, bytes) ?? [];
        }
    }

    /// <summary>Takes away what was read last: the server has acknowledged it, or will never take it.</summary>
    public void Complete(IReadOnlyList<byte[]> lines)
    {
        lock (_lock)
        {
            if (_isRead is not { } segment || !_segments.Contains(segment))
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
    }

    /// <summary>Takes over what processes left that have ended.</summary>
    public void Adopt()
    {
        lock (_lock)
        {
            foreach (var path in Left())
            {
                if (Segment.TryOpen(path) is { } segment)
                {
                    _segments.Insert(_active is null ? _segments.Count : _segments.Count - 1, segment);
                    _waiting += segment.Waiting;
                    if (segment.Waiting == 0)
                    {
                        Remove(segment);
                    }
                }
            }

            MakeRoom(0);
        }
    }

    /// <summary>Lets go of the files. What they hold is sent after the next start.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var segment in _segments.ToList())
            {
                if (segment.Waiting == 0)
                {
                    Remove(segment);
                }
                else
                {
                    segment.Dispose();
                }
            }
        }
    }

    private Segment Active(int bytes)
    {
        if (_active is { } active && active.Length + bytes <= _partBytes && (active.Path is not null || _time.GetElapsedTime(_inMemorySince) < InMemory))
        {
            return active;
        }

        MakeRoom(_partBytes);
        if (_active is { Waiting: 0 } empty)
        {
            Remove(empty);
        }

        try
        {
            Platform.CreatePrivateFolder(_folder);
            return Begin(Segment.TryCreate(NewPath()) ?? Segment.Create(NewPath())); // A start beside this one may have had it open for a moment.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return BeginInMemory(fault);
        }
    }

    private string NewPath() => Path.Combine(_folder, _time.GetUtcNow().UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N") + Extension);

    private Segment BeginInMemory(Exception fault)
    {
        _logger.KeepsInMemory(_folder, fault);
        _inMemorySince = _time.GetTimestamp();
        return Begin(Segment.InMemory());
    }

    private Segment Begin(Segment segment)
    {
        _segments.Add(segment);
        return _active = segment;
    }

    /// <summary>Lets the oldest go, until so many bytes have room.</summary>
    private void MakeRoom(long bytes)
    {
        while (_segments.Count > 0 && _segments.Sum(static segment => segment.Length) + bytes > _maximumBytes)
        {
            var oldest = _segments[0];
            if (oldest.Waiting > 0)
            {
                _waiting -= oldest.Waiting;
                _metrics.Dropped(oldest.Waiting, "full");
                _logger.DropsOldest(oldest.Waiting, _maximumBytes);
            }

            Remove(oldest);
        }
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
            _logger.CannotDelete(segment.Path!, fault);
        }
    }

    private List<string> Left()
    {
        try
        {
            return [.. Directory.EnumerateFiles(_folder, "*" + Extension).Except(_segments.Select(static segment => segment.Path!)).OrderBy(static path => path, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // There is none yet.
        }
    }
}
