using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Vitrine.Client.Queueing;

/// <summary>
/// A part of the queue: a file of lines, one an event, to which lines are only added. Its first line says from where on they
/// are still to be sent, in a fixed number of digits, which are overwritten in place.
/// </summary>
/// <remarks>
/// Why it loses nothing: a line is in the file, and so with the operating system, before <see cref="Append"/> returns; that the
/// process ends then, however it ends, takes nothing away. A machine that loses its power may lose what its
/// operating system had not written yet. Where a line was cut off, there is no line feed at its end, and it is cut off when the file is opened again.
/// Where the place is older than what was sent, events are sent again with their uuids, and count once; one that lies
/// behind the file's end or before its first event is of a machine that lost its power, and the file is read from its beginning.
/// A process that has the file open keeps others from opening it. Not for several threads: its queue sees to that.
/// </remarks>
internal sealed class Segment : IDisposable
{
    private const string Prefix = "{\"next\":";
    private const int HeaderBytes = 32;
    private const int BufferBytes = 65_536;
    private const byte LineFeed = (byte)'\n';

    /// <summary>What this process has open. Where locks are of processes, a second open and close would take the lock away.</summary>
    private static readonly ConcurrentDictionary<string, bool> Open = new(StringComparer.Ordinal);

    private readonly Stream _stream;
    private long _next = HeaderBytes;

    private Segment(Stream stream, string? path)
    {
        (_stream, Path, Length) = (stream, path, stream.Length);
        if (path is not null)
        {
            Open[path] = true;
        }
    }

    /// <summary>Bytes it takes.</summary>
    public long Length { get; private set; }

    /// <summary>Events that are still to be sent.</summary>
    public int Waiting { get; private set; }

    /// <summary>The file's path; null when it is in memory.</summary>
    public string? Path { get; }

    /// <summary>Makes one in a file; throws, and leaves none, where that cannot be written.</summary>
    public static Segment Create(string path)
    {
        var segment = new Segment(Platform.OpenAlone(path, FileMode.CreateNew), path);
        try
        {
            segment.WriteNext();
            return segment;
        }
        catch
        {
            segment.Delete();
            throw;
        }
    }

    /// <summary>Makes one in memory, where no file can be written.</summary>
    public static Segment InMemory()
    {
        var segment = new Segment(new MemoryStream(), null);
        segment.WriteNext();
        return segment;
    }

    /// <summary>Opens what another process left; null when one has it open, or it cannot be read.</summary>
    public static Segment? TryOpen(string path)
    {
        if (Open.ContainsKey(path))
        {
            return null;
        }

        try
        {
            var segment = new Segment(Platform.OpenAlone(path, FileMode.Open), path);
            try
            {
                segment.Recover();
                return segment;
            }
            catch
            {
                segment.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Adds an event: a line with its line feed.</summary>
    public void Append(byte[] line)
    {
        _stream.Position = Length;
        try
        {
            _stream.Write(line, 0, line.Length);
            _stream.Flush();
        }
        catch (IOException)
        {
            _stream.SetLength(Length); // Nothing of a line that did not fit.
            throw;
        }

        Length += line.Length;
        Waiting++;
    }

    /// <summary>The next events, at most so many and so many bytes, but one; nothing of them is taken away.</summary>
    public IReadOnlyList<byte[]> Read(int count, int bytes)
    {
        var lines = new List<byte[]>();
        foreach (var line in Lines(_next))
        {
            bytes -= line.Length;
            if (lines.Count == count || (lines.Count > 0 && bytes < 0))
            {
                break;
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Takes the first events away, which were read.</summary>
    public void Advance(IReadOnlyList<byte[]> lines)
    {
        _next += lines.Sum(static line => line.Length + 1L);
        Waiting -= lines.Count;
        try
        {
            WriteNext();
        }
        catch (IOException)
        {
            // They may be sent again then.
        }
    }

    /// <summary>Closes it and deletes its file.</summary>
    public void Delete()
    {
        Dispose();
        if (Path is not null)
        {
            File.Delete(Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (Path is not null)
        {
            Open.TryRemove(Path, out _);
        }
    }

    /// <summary>Counts what is still to be sent, and cuts off what is no whole line.</summary>
    private void Recover()
    {
        var place = _next = ReadNext();
        var end = place;
        var buffer = new byte[BufferBytes];
        _stream.Position = place;
        while (_stream.Read(buffer, 0, buffer.Length) is > 0 and var read)
        {
            for (var feed = Array.IndexOf(buffer, LineFeed, 0, read); feed >= 0; feed = Array.IndexOf(buffer, LineFeed, feed + 1, read - feed - 1))
            {
                end = place + feed + 1;
                Waiting++;
            }

            place += read;
        }

        if (end != Length)
        {
            _stream.SetLength(end);
            Length = end;
        }
    }

    private long ReadNext()
    {
        var header = new byte[HeaderBytes];
        _stream.Position = 0;
        if (ReadFully(header) < HeaderBytes)
        {
            _stream.SetLength(0);
            _next = Length = HeaderBytes;
            WriteNext();
            return HeaderBytes;
        }

        var text = Encoding.ASCII.GetString(header);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(text.Substring(Prefix.Length).TrimEnd('\n', ' ', '}'), NumberStyles.None, CultureInfo.InvariantCulture, out var next)
            && next >= HeaderBytes && next <= Length && IsBehindLineFeed(next)
            ? next
            : HeaderBytes;
    }

    private bool IsBehindLineFeed(long place)
    {
        _stream.Position = place - 1;
        return _stream.ReadByte() == LineFeed;
    }

    private void WriteNext()
    {
        var text = (Prefix + _next.ToString(CultureInfo.InvariantCulture)).PadRight(HeaderBytes - 2) + "}\n";
        _stream.Position = 0;
        _stream.Write(Encoding.ASCII.GetBytes(text), 0, HeaderBytes);
        _stream.Flush();
        Length = Math.Max(Length, HeaderBytes);
    }

    /// <summary>The whole lines from a place on, without their line feeds.</summary>
    private IEnumerable<byte[]> Lines(long place)
    {
        var buffer = new byte[BufferBytes];
        var (held, start) = (0, 0); // What the buffer holds, and where the next line begins in it.
        _stream.Position = place;
        while (true)
        {
            var end = Array.IndexOf(buffer, LineFeed, start, held - start);
            if (end >= 0)
            {
                yield return buffer.AsSpan(start, end - start).ToArray();
                start = end + 1;
                continue;
            }

            Buffer.BlockCopy(buffer, start, buffer, 0, held - start);
            (held, start) = (held - start, 0);
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var read = _stream.Read(buffer, held, buffer.Length - held);
            if (read == 0)
            {
                yield break;
            }

            held += read;
        }
    }

    private int ReadFully(byte[] buffer)
    {
        var held = 0;
        while (held < buffer.Length && _stream.Read(buffer, held, buffer.Length - held) is > 0 and var read)
        {
            held += read;
        }

        return held;
    }
}
