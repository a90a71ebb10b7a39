using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    private const int GroupsPerTrim = 256;

    /// <summary>
    /// The last position that the retention options no longer keep; less than <see cref="FirstPosition"/> when all of
    /// the journal is to be kept. The newest group is always kept.
    /// </summary>
    public Task<long> FindExpiredAsync() => OnWriterAsync(FindExpired);

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
        var byAge = _options.RetentionAge is { } age
            ? Position(
                connection,
                "SELECT max(first_position + record_count - 1) FROM journal_group WHERE written_at < $limit",
                (_time.GetUtcNow() - age).ToUnixTimeMilliseconds())
            : 0;
        var bySize = _options.RetentionBytes is { } bytes
            ? Position(
                connection,
                """
                SELECT max(last) FROM (
                  SELECT first_position + record_count - 1 AS last,
                         sum(length(payload)) OVER (ORDER BY first_position DESC) AS newer_and_this
                  FROM journal_group)
                WHERE newer_and_this > $limit
                """,
                bytes)
            : 0;
        var newest = Position(connection, "SELECT max(first_position) - 1 FROM journal_group WHERE first_position > $limit", 0);
        return Math.Min(newest, Math.Max(byAge, bySize));
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

    private static long Position(SqliteConnection connection, string sql, long limit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$limit", limit);
        return command.ExecuteScalar() is long position ? position : 0;
    }
}
