using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

/// <summary>The embedded journal: one SQLite table, one row per commit group, in WAL mode with synchronous=FULL.</summary>
/// <remarks>
/// <para>
/// Why an answer may be trusted: the only place that answers <see cref="AppendOutcome.Durable"/> stands behind a
/// successful autocommit INSERT, and with synchronous=FULL SQLite returns from it only after the fsync of the
/// write-ahead log. A row is inserted whole or not at all, so what survives a crash is a gap-free prefix of groups.
/// </para>
/// <para>
/// Threads: <see cref="AppendAsync"/> runs on any thread and only queues under a lock held for a few instructions. One
/// writer thread owns the writing connection: it takes all that waits, writes it as one group, answers, and starts
/// again, so a group is as large as the disk is slow and a lone request waits for nobody. Checkpoints are made beside
/// it. Readers use connections of
/// their own (WAL readers never block the writer) or the tail kept in memory.
/// </para>
/// <para>
/// Faults: a full or read-only disk answers <see cref="AppendOutcome.Unwritable"/> and is tried again, by the next
/// group and by a probe each second. A failed fsync is different: the kernel may have dropped the dirty pages and
/// report success the next time, so nothing is acknowledged any more and <see cref="Fatal"/> completes, which ends the
/// process. A group whose commit failed may still be found after a restart; its clients were not answered 200, send it
/// again, and the projection drops it as a duplicate.
/// </para>
/// </remarks>
public sealed partial class SqliteJournal : IJournal
{
    /// <summary>The version of the file layout, kept in SQLite's <c>user_version</c>. Each has records, or rows, that servers which know only those before it could not read.</summary>
    public const int LayoutVersion = 6;

    private readonly string _path;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly TaskCompletionSource<string> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _writer;
    private long _head;
    private long _firstPosition;

    /// <summary>Opens or creates the journal and starts its writer.</summary>
    /// <param name="path">The SQLite file. Its folder must exist.</param>
    /// <param name="options">Limits; see <see cref="JournalOptions"/>.</param>
    /// <param name="time">The clock that stamps groups.</param>
    /// <param name="metrics">Where group sizes and times are counted.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version, or is damaged at its end.</exception>
    public SqliteJournal(string path, JournalOptions options, TimeProvider time, JournalMetrics metrics)
    {
        (_path, _options, _time, _metrics) = (path, options, time, metrics);
        _tail = new JournalTail(options.TailBytes);
        _connection = OpenForWriting(path);
        JournalFile.Execute(_connection, OverwriteDeleted);
        (_firstPosition, _head) = ExtentAtStart(_connection);
        _insert = PrepareInsert(_connection);
        _checkpointing = OpenForWriting(path);
        _reading = OpenForReading(path);
        _bytesSinceCheckpoint = new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0; // Left by a crash, it would grow from one to the next.
        _reserved = options.ReservedBytes ?? Math.Min(64L << 20, new DriveInfo(Path.GetFullPath(path)).TotalSize / 20);
        _writer = new Thread(WriteLoop) { Name = "journal writer", IsBackground = true };
        _writer.Start();
    }

    /// <inheritdoc/>
    public long Head => Volatile.Read(ref _head);

    /// <inheritdoc/>
    public long MaximumRecord => _options.QueueBytes;

    /// <inheritdoc/>
    public long CountBehind(long position) => Math.Max(0, Head - Math.Max(0, position));

    /// <inheritdoc/>
    public ValueTask<long> FindHeadAsync(CancellationToken cancellation) => new(Head);

    /// <inheritdoc/>
    public long FirstPosition => Volatile.Read(ref _firstPosition);

    /// <inheritdoc/>
    public Task<string> Fatal => _fatal.Task;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }

        SignalReaders();
        await Task.Factory.StartNew(_writer.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await _copying;
        _checkpointing.Dispose();
        lock (_readingGate)
        {
            _reading.Dispose();
        }

        _insert.Dispose();
        _connection.Dispose();
    }

    private static SqliteConnection OpenForWriting(string path)
    {
        var connection = JournalFile.Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            JournalFile.Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Without its end nobody can say which positions are taken, and without its beginning which are kept.</summary>
    private static (long First, long Last) ExtentAtStart(SqliteConnection connection)
    {
        try
        {
            return Extent(connection);
        }
        catch (SqliteException fault) when (MeansDamage(fault))
        {
            throw new InvalidDataException(
                "The journal is damaged where it begins or ends, so nothing can be appended to it. Restore a backup ('vitrine restore'), or copy what can be read with SQLite's own '.recover'.",
                fault);
        }
    }

    private static SqliteConnection OpenForReading(string path) => JournalFile.Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>The first and the last position of a journal file; the last is one less than the first when it is empty.</summary>
    /// <remarks>Of the newest group the frames are counted: what its row says of their number has no checksum.</remarks>
    internal static (long First, long Last) Extent(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT first_position, record_count FROM journal_group ORDER BY first_position DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? (First(connection), reader.GetInt64(0) + CountOfNewest(connection, reader.GetInt64(0), reader.GetInt32(1)) - 1)
            : (1, 0);
    }

    private static int CountOfNewest(SqliteConnection connection, long first, int said) =>
        CountRecords((byte[])JournalFile.Scalar(connection, string.Create(null, $"SELECT payload FROM journal_group WHERE first_position = {first}"))!, first) ?? said;

    private static long First(SqliteConnection connection) =>
        Convert.ToInt64(JournalFile.Scalar(connection, "SELECT coalesce(min(first_position), 1) FROM journal_group"), null);

    /// <summary>How many positions a payload takes: one for each record; null when that cannot be told because some of it is damaged.</summary>
    private static int? CountRecords(ReadOnlySpan<byte> payload, long first)
    {
        if (LeftOutPositions.Read(payload, first) is { } leftOut)
        {
            return leftOut;
        }

        var count = 0;
        for (; !payload.IsEmpty; count++)
        {
            if (!RecordFrame.TryRead(payload, first + count, out var record, out _))
            {
                return null;
            }

            payload = payload[(RecordFrame.HeaderLength + record.Length)..];
        }

        return count > 0 ? count : null;
    }
}
