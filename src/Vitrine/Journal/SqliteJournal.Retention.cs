using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    private const int GroupsPerTrim = 64;

    /// <summary>Bytes of the groups up to <see cref="_measuredPosition"/>, so that each is measured once.</summary>
    private long _measuredBytes;

    private long _measuredPosition;

    /// <inheritdoc/>
    /// <remarks>Reads on a connection of its own, from the oldest group up to the first that stays, so appending does not wait for it.</remarks>
    public Task<long> FindExpiredAsync(CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            using var connection = OpenForReading(_path);
            return FindExpired(connection);
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <inheritdoc/>
    public Task<long> MeasureAsync(long after, long last, CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            using var connection = OpenForReading(_path);
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT coalesce(sum(length(payload)), 0) FROM journal_group
                WHERE first_position > $after AND first_position <= $last
                """;
            command.Parameters.AddWithValue("$after", after);
            command.Parameters.AddWithValue("$last", last);
            return Convert.ToInt64(command.ExecuteScalar(), null);
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <inheritdoc/>
    public async Task<long> TrimAsync(long position)
    {
        while (await OnWriterAsync(connection => TrimSome(connection, position)) == GroupsPerTrim)
        {
        }

        return FirstPosition;
    }

    private long FindExpired(SqliteConnection connection)
    {
        var youngest = _options.RetentionAge is { } age ? (_time.GetUtcNow() - age).ToUnixTimeMilliseconds() : long.MinValue;
        var excess = _options.RetentionBytes is { } bytes ? MeasureBytes(connection) - bytes : 0;
        var expired = FirstPosition - 1;
        if (_options.RetentionAge is null && excess <= 0)
        {
            return expired;
        }

        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT first_position + record_count - 1, written_at, length(payload) FROM journal_group
            WHERE first_position < (SELECT max(first_position) FROM journal_group)
            ORDER BY first_position
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read() && (reader.GetInt64(1) < youngest || excess > 0))
        {
            expired = reader.GetInt64(0);
            excess -= reader.GetInt64(2);
        }

        return expired;
    }

    private int TrimSome(SqliteConnection connection, long position)
    {
        var freed = MeasuredBytes(connection, position);
        JournalFile.Execute(connection, OverwriteDeletedInPages); // To overwrite whole pages would hold appends up; see OverwriteRemainsAsync.
        try
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"""
                DELETE FROM journal_group WHERE first_position IN (
                  SELECT first_position FROM journal_group
                  WHERE first_position + record_count - 1 <= $position
                  ORDER BY first_position LIMIT {GroupsPerTrim})
                """;
            command.Parameters.AddWithValue("$position", position);
            var trimmed = command.ExecuteNonQuery();
            transaction.Commit();
            Interlocked.Add(ref _measuredBytes, -freed);
            Volatile.Write(ref _firstPosition, First(connection));
            return trimmed;
        }
        finally
        {
            JournalFile.Execute(connection, OverwriteDeleted);
        }
    }

    /// <summary>
    /// The bytes of all groups. Pages of the file would be cheaper to ask for and say more than is meant: they are
    /// partly empty, and each group that goes would seem to free less than it does.
    /// </summary>
    private long MeasureBytes(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT coalesce(sum(length(payload)), 0), max(first_position + record_count - 1) FROM journal_group WHERE first_position > $measured
            """;
        command.Parameters.AddWithValue("$measured", _measuredPosition);
        using var reader = command.ExecuteReader();
        if (reader.Read() && !reader.IsDBNull(1))
        {
            _measuredPosition = reader.GetInt64(1);
            Interlocked.Add(ref _measuredBytes, reader.GetInt64(0));
        }

        return Interlocked.Read(ref _measuredBytes);
    }

    /// <summary>The measured bytes of the oldest groups, which are about to go.</summary>
    private long MeasuredBytes(SqliteConnection connection, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT coalesce(sum(bytes), 0) FROM (
              SELECT length(payload) AS bytes FROM journal_group
              WHERE first_position + record_count - 1 <= min($position, $measured)
              ORDER BY first_position LIMIT {GroupsPerTrim})
            """;
        command.Parameters.AddWithValue("$position", position);
        command.Parameters.AddWithValue("$measured", Volatile.Read(ref _measuredPosition));
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }
}
