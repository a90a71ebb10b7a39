using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    private readonly object _readersGate = new();
    private readonly Lock _readingGate = new();
    private readonly SqliteConnection _reading;
    private readonly JournalTail _tail;

    /// <inheritdoc/>
    public JournalGroup? ReadAfter(long position)
    {
        if (position >= Head)
        {
            return null;
        }

        lock (_readersGate)
        {
            if (_tail.After(position) is { } group)
            {
                return group;
            }
        }

        lock (_readingGate)
        {
            return ReadAfter(_reading, position);
        }
    }

    /// <inheritdoc/>
    public bool WaitBeyond(long position, CancellationToken cancellation)
    {
        using var _ = cancellation.UnsafeRegister(static journal => ((SqliteJournal)journal!).SignalReaders(), this);
        lock (_readersGate)
        {
            while (Head <= position)
            {
                if (cancellation.IsCancellationRequested || _closing)
                {
                    return false;
                }

                Monitor.Wait(_readersGate);
            }

            return true;
        }
    }

    private void Publish(JournalGroup group)
    {
        lock (_readersGate)
        {
            _tail.Add(group);
            Volatile.Write(ref _head, group.LastPosition);
            Monitor.PulseAll(_readersGate);
        }
    }

    private void SignalReaders()
    {
        lock (_readersGate)
        {
            Monitor.PulseAll(_readersGate);
        }
    }

    /// <summary>
    /// Reads one group of any journal file; null past its end. Where SQLite finds pages damaged, the group has no
    /// payload, so that whoever walks it finds its records damaged and goes on behind them.
    /// </summary>
    internal static JournalGroup? ReadAfter(SqliteConnection connection, long position)
    {
        try
        {
            return Read(connection, position, "payload");
        }
        catch (SqliteException fault) when (MeansDamage(fault))
        {
            return ReadAround(connection, position);
        }
    }

    /// <summary>A group in the place of what cannot be read: as much as its row or, where that is damaged too, the next readable one says.</summary>
    private static JournalGroup? ReadAround(SqliteConnection connection, long position)
    {
        for (long step = 1; ; step *= 2)
        {
            try
            {
                // What a row says of itself stands before its payload, mostly on another page.
                var next = Read(connection, position + step - 1, "x''");
                return next is null || next.FirstPosition <= position + 1
                    ? next
                    : new JournalGroup(position + 1, (int)(next.FirstPosition - position - 1), ReadOnlyMemory<byte>.Empty);
            }
            catch (SqliteException fault) when (MeansDamage(fault) && step < int.MaxValue)
            {
                // Further on, twice as far each time.
            }
        }
    }

    private static bool MeansDamage(SqliteException fault) => fault.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_IOERR;

    private static JournalGroup? Read(SqliteConnection connection, long position, string payload)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first_position, record_count, {payload} FROM journal_group
            WHERE first_position >= coalesce((SELECT max(first_position) FROM journal_group WHERE first_position <= $next), 0)
              AND first_position + record_count > $next
            ORDER BY first_position LIMIT 1
            """;
        command.Parameters.AddWithValue("$next", position + 1);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new JournalGroup(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2))
            : null;
    }
}
