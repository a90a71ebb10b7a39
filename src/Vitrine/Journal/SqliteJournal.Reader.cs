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

    /// <summary>Reads one group of any journal file; null past its end.</summary>
    internal static JournalGroup? ReadAfter(SqliteConnection connection, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT first_position, record_count, payload FROM journal_group
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
