using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

/// <summary>Writes the file of a journal whose records have their positions already. Used by one thread; nobody else has the file.</summary>
internal sealed class JournalFileWriter : IDisposable
{
    private const int RowsAtOnce = 1024;

    /// <summary>Bytes before the time in every record: its kind and its version.</summary>
    private const int BeforeTime = 2;

    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;
    private long _next;
    private long _writtenAt;
    private int _rows;

    /// <summary>Makes the file.</summary>
    /// <param name="path">It is not there yet.</param>
    /// <param name="first">The position at which the journal begins.</param>
    public JournalFileWriter(string path, long first)
    {
        _next = first;
        _connection = JournalFile.Open(path, SqliteOpenMode.ReadWriteCreate);
        JournalFile.Prepare(_connection);
    }

    /// <summary>Adds a sound group behind those that are there; positions between them are left out.</summary>
    public void Add(JournalGroup group)
    {
        if (group.Count > 0)
        {
            LeaveOut(group.FirstPosition);
            _writtenAt = ReceivedAt(group);
            Insert(group.FirstPosition, group.Count, group.Payload.ToArray());
        }
    }

    /// <summary>Ends the journal at a position, and makes it durable.</summary>
    public void Finish(long last)
    {
        LeaveOut(last + 1);
        _transaction?.Commit();
        _transaction = null;
        JournalFile.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        JournalFile.Execute(_connection, "PRAGMA journal_mode = DELETE");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transaction?.Dispose();
        _connection.Dispose();
    }

    private void LeaveOut(long before)
    {
        while (_next < before)
        {
            var count = Math.Min(before - _next, int.MaxValue);
            Insert(_next, count, LeftOutPositions.Write(_next, count));
        }
    }

    private void Insert(long first, long count, byte[] payload)
    {
        _transaction ??= _connection.BeginTransaction();
        using (var command = _connection.CreateCommand())
        {
            command.Transaction = _transaction;
            command.CommandText = "INSERT INTO journal_group VALUES ($first, $count, $written, $payload)";
            command.Parameters.AddWithValue("$first", first);
            command.Parameters.AddWithValue("$count", count);
            command.Parameters.AddWithValue("$written", _writtenAt);
            command.Parameters.AddWithValue("$payload", payload);
            command.ExecuteNonQuery();
        }

        _next = first + count;
        if (++_rows % RowsAtOnce == 0)
        {
            _transaction.Commit();
            _transaction.Dispose();
            _transaction = null;
            JournalFile.Execute(_connection, "PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    /// <summary>When a group's first record was received, in Unix milliseconds: so it is as old as it was.</summary>
    private static long ReceivedAt(JournalGroup group)
    {
        var records = group.Records;
        records.MoveNext();
        var reader = new ByteReader(records.Record[BeforeTime..]);
        return (long)reader.ReadVarint();
    }
}
