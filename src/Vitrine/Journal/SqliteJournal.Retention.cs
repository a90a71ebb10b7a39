using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    private const int GroupsPerTrim = 64;

    /// <summary>
    /// The last position that the retention options no longer keep; less than <see cref="FirstPosition"/> when all of
    /// the journal is to be kept. The newest group is always kept. Reads on a connection of its own, from the oldest
    /// group up to the first that stays, so appending does not wait for it.
    /// </summary>
    public Task<long> FindExpiredAsync(CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            using var connection = OpenForReading(_path);
            return FindExpired(connection);
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>
    /// Removes the groups that end at or before <paramref name="position"/>; answers the first position still held.
    /// The caller has made sure that nobody needs them. Appends go on in between.
    /// </summary>
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
        var excess = _options.RetentionBytes is { } bytes ? UsedBytes(connection) - bytes : 0;
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
        Volatile.Write(ref _firstPosition, Extent(connection).First);
        return trimmed;
    }

    /// <summary>What the records take in the file; pages that trimming freed are used again and do not count.</summary>
    private static long UsedBytes(SqliteConnection connection) =>
        (Number(connection, "PRAGMA page_count") - Number(connection, "PRAGMA freelist_count")) * Number(connection, "PRAGMA page_size");

    private static long Number(SqliteConnection connection, string sql) => Convert.ToInt64(JournalFile.Scalar(connection, sql), null);
}
