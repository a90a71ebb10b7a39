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
            while (!cancellation.IsCancellationRequested)
            {
                if (Head > position)
                {
                    return true;
                }

                if (_closing)
                {
                    return false;
                }

                Monitor.Wait(_readersGate);
            }

            return false;
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
    /// Reads one group of any journal file; null past its end. Where SQLite finds pages damaged, or rows are missing, the
    /// group has no payload, so that whoever walks it finds its records damaged and goes on behind them.
    /// </summary>
    /// <exception cref="SqliteException">The disk could not be read, which says nothing about what is on it: to be tried again.</exception>
    internal static JournalGroup? ReadAfter(SqliteConnection connection, long position)
    {
        try
        {
            return Find(connection, position + 1) is { } group ? WithPayload(connection, group, position) : null;
        }
        catch (SqliteException fault) when (MeansDamage(fault))
        {
            return ReadAround(connection, position);
        }
    }

    /// <summary>A group in the place of what cannot be read: up to the next position whose row can be.</summary>
    private static JournalGroup ReadAround(SqliteConnection connection, long position)
    {
        var last = Extent(connection).Last;
        for (var next = position + 1; next <= last; next++)
        {
            try
            {
                // What a row says of itself stands before its payload, mostly on another page.
                if (Find(connection, next) is { } group)
                {
                    return group.FirstPosition <= position + 1 ? group : Missing(position, group.FirstPosition - 1);
                }
            }
            catch (SqliteException fault) when (MeansDamage(fault))
            {
                // One further on, so that nothing is passed over that can be read.
            }
        }

        return Missing(position, last);
    }

    /// <summary>
    /// The group that holds a position, or the first behind it, without its payload. Every position is in a row, so a group
    /// ends where the next begins; only of the newest does its own count say so.
    /// </summary>
    private static JournalGroup? Find(SqliteConnection connection, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT first_position, record_count FROM journal_group
            WHERE first_position >= coalesce((SELECT max(first_position) FROM journal_group WHERE first_position <= $position), 0)
            ORDER BY first_position LIMIT 2
            """;
        command.Parameters.AddWithValue("$position", position);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var (first, count) = (reader.GetInt64(0), reader.GetInt32(1));
        try
        {
            if (!reader.Read())
            {
                count = CountOfNewest(connection, first, count);
                return first + count > position ? Group(first, count) : null;
            }
        }
        catch (SqliteException fault) when (MeansDamage(fault) && first + count > position)
        {
            return Group(first, count); // The next one is damaged; this one is not.
        }

        return Group(first, (int)(reader.GetInt64(0) - first));
    }

    private static JournalGroup WithPayload(SqliteConnection connection, JournalGroup group, long position)
    {
        if (group.FirstPosition > position + 1 && position > 0)
        {
            return Missing(position, group.FirstPosition - 1);
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT payload FROM journal_group WHERE first_position = $first";
        command.Parameters.AddWithValue("$first", group.FirstPosition);
        var payload = (byte[])command.ExecuteScalar()!;
        return LeftOutPositions.Read(payload, group.FirstPosition) == group.Count
            ? group with { Count = 0 } // Up to the same position.
            : group with { Payload = payload };
    }

    private static JournalGroup Missing(long position, long last) => Group(position + 1, (int)(last - position));

    private static JournalGroup Group(long first, int count) => new(first, count, ReadOnlyMemory<byte>.Empty);

    private static bool MeansDamage(SqliteException fault) => fault.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT;
}
