using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    /// <summary>How long after the last record that joined a group is closed; a request takes some 20 µs of a processor.</summary>
    private static readonly long GatherGap = Stopwatch.Frequency / 20_000;

    /// <summary>How long a group is open at most: ten times what its commit costs, so that this is a tenth of the work.</summary>
    private static readonly long GatherLimit = Stopwatch.Frequency / 1000;

    private readonly Lock _maintenanceGate = new();
    private readonly object _gate = new();
    private readonly Queue<Action<SqliteConnection>> _maintenance = new();
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _insert;
    private List<PendingRecord> _waiting = [];
    private List<PendingRecord> _taken = [];
    private int _lastTaken;
    private long _queuedBytes;
    private bool _writerIdle;
    private bool _closing;

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(string environmentId, PendingRecord record)
    {
        var length = record.Body.Length;
        lock (_gate)
        {
            if (_closing || _fatal.Task.IsCompleted)
            {
                return new(new AppendResult(AppendOutcome.Closing, 0));
            }

            if (_queuedBytes + length > _options.QueueBytes)
            {
                return new(new AppendResult(AppendOutcome.Overloaded, 0));
            }

            var answer = record.Arm();
            _queuedBytes += length;
            _waiting.Add(record);
            if (_writerIdle)
            {
                Monitor.Pulse(_gate);
            }

            return answer;
        }
    }

    /// <summary>Runs an action on the writer's connection, between two groups.</summary>
    private Task<T> OnWriterAsync<T>(Func<SqliteConnection, T> action)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_maintenanceGate)
        {
            _maintenance.Enqueue(connection =>
            {
                try
                {
                    completion.SetResult(action(connection));
                }
                catch (Exception fault)
                {
                    if (fault is SqliteException sqlite)
                    {
                        Judge(sqlite.SqliteExtendedErrorCode);
                    }

                    completion.SetException(fault);
                }
            });
        }

        lock (_gate)
        {
            Monitor.Pulse(_gate);
        }

        return completion.Task;
    }

    private void WriteLoop()
    {
        while (TakeWaiting())
        {
            for (var start = 0; start < _taken.Count;)
            {
                var count = GroupLength(start);
                WriteGroup(CollectionsMarshal.AsSpan(_taken).Slice(start, count));
                start += count;
            }

            _taken.Clear();
            RunMaintenance();
            Checkpoint();
            if (!_health.Writable)
            {
                Probe();
            }
        }

        RunMaintenance();
    }

    /// <summary>Waits for records, for maintenance, or for the time to probe. False when closing and drained.</summary>
    private bool TakeWaiting()
    {
        Gather();
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_closing)
            {
                _writerIdle = true;
                Monitor.Wait(_gate, ProbeMilliseconds);
                _writerIdle = false;
            }

            (_waiting, _taken) = (_taken, _waiting);
            _lastTaken = _taken.Count;
            return _taken.Count > 0 || !_closing;
        }
    }

    /// <summary>
    /// Lets others join the group as long as they keep coming. Clients that were answered together come back together,
    /// one each some microseconds, and a group that closes on the first of them costs an fsync for each few. A client
    /// that was alone the last time is alone now, and waits for nobody.
    /// </summary>
    private void Gather()
    {
        if (_lastTaken <= 1)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var (joined, count) = (started, _waiting.Count);
        for (var now = started; now - joined < GatherGap && now - started < GatherLimit; now = Stopwatch.GetTimestamp())
        {
            Thread.Yield();
            if (_waiting.Count != count) // Only a hint, so it is read outside the lock.
            {
                (joined, count) = (Stopwatch.GetTimestamp(), _waiting.Count);
            }
        }
    }

    private int GroupLength(int start)
    {
        long bytes = 0;
        var count = 0;
        do
        {
            bytes += RecordFrame.HeaderLength + _taken[start + count].Body.Length;
            count++;
        }
        while (start + count < _taken.Count
            && bytes + RecordFrame.HeaderLength + _taken[start + count].Body.Length <= _options.GroupBytes);
        return count;
    }

    private void WriteGroup(ReadOnlySpan<PendingRecord> records)
    {
        var started = Stopwatch.GetTimestamp();
        var first = _head + 1;
        var payload = Frame(records, first);
        var outcome = Insert(first, records.Length, payload);
        if (outcome == AppendOutcome.Durable)
        {
            _bytesSinceCheckpoint += payload.Length;
            Publish(new JournalGroup(first, records.Length, payload));
            _metrics.Committed(records.Length, payload.Length, Stopwatch.GetElapsedTime(started));
        }
        else
        {
            _metrics.Refused(records.Length);
        }

        lock (_gate)
        {
            _queuedBytes -= payload.Length - (RecordFrame.HeaderLength * records.Length);
        }

        GroupAnswer.Queue(records, outcome, first);
    }

    private static byte[] Frame(ReadOnlySpan<PendingRecord> records, long first)
    {
        var length = RecordFrame.HeaderLength * records.Length;
        foreach (var record in records)
        {
            length += record.Body.Length;
        }

        var payload = GC.AllocateUninitializedArray<byte>(length);
        var offset = 0;
        for (var index = 0; index < records.Length; index++)
        {
            offset += RecordFrame.Write(payload.AsSpan(offset), first + index, records[index].Body.Written);
        }

        return payload;
    }

    private AppendOutcome Insert(long first, int count, byte[] payload)
    {
        if (_fatal.Task.IsCompleted)
        {
            return AppendOutcome.Closing;
        }

        if (OutOfReserve(payload.Length, out var outOfSpace))
        {
            Volatile.Write(ref _health, outOfSpace);
            return AppendOutcome.Unwritable;
        }

        raw.sqlite3_bind_int64(_insert, 1, first);
        raw.sqlite3_bind_int64(_insert, 2, count);
        raw.sqlite3_bind_int64(_insert, 3, _time.GetUtcNow().ToUnixTimeMilliseconds());
        raw.sqlite3_bind_blob(_insert, 4, payload);
        var code = raw.sqlite3_step(_insert);
        code = code == raw.SQLITE_DONE ? raw.SQLITE_OK : raw.sqlite3_extended_errcode(_connection.Handle);
        raw.sqlite3_reset(_insert);
        raw.sqlite3_clear_bindings(_insert);
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            // A transaction that could neither be committed nor rolled back is still open: nothing in it is on disk.
            _fatal.TrySetResult("a transaction on the journal could not be ended");
            return AppendOutcome.Closing;
        }

        return Judge(code);
    }

    private void RunMaintenance()
    {
        while (true)
        {
            Action<SqliteConnection>? action;
            lock (_maintenanceGate)
            {
                if (!_maintenance.TryDequeue(out action))
                {
                    return;
                }
            }

            action(_connection);
        }
    }

    private static sqlite3_stmt PrepareInsert(SqliteConnection connection)
    {
        var code = raw.sqlite3_prepare_v2(
            connection.Handle,
            "INSERT INTO journal_group (first_position, record_count, written_at, payload) VALUES (?1, ?2, ?3, ?4)",
            out var statement);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
        return statement;
    }
}
