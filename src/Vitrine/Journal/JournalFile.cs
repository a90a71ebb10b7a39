using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

/// <summary>The SQLite file of the embedded journal: how it is opened and what is in it.</summary>
internal static class JournalFile
{
    /// <summary>How long a statement waits for another process: five seconds.</summary>
    public const string Patience = "PRAGMA busy_timeout = 5000";

    private const int ApplicationId = 0x56_49_54_4A; // "VITJ"

    /// <summary>Opens a connection of its own (no pool: a closed journal lets go of its files).</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        connection.Open();
        Execute(connection, Patience);
        return connection;
    }

    /// <summary>Creates the tables where absent and refuses a file of a newer layout.</summary>
    public static void Prepare(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA page_size = 4096"); // Twice as large, a request of a hundred events would waste a third of its page.
        if (Scalar(connection, "PRAGMA journal_mode = WAL") as string != "wal")
        {
            throw new IOException("The journal cannot use a write-ahead log here; it needs a local file system with shared memory.");
        }

        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "PRAGMA fullfsync = ON"); // macOS: through the disk's own cache too.
        Execute(connection, "PRAGMA wal_autocheckpoint = 0"); // The writer does it, and sees whether it went well.
        RefuseNewer(connection);
        Execute(connection, $"""
            BEGIN IMMEDIATE;
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {SqliteJournal.LayoutVersion};
            CREATE TABLE IF NOT EXISTS journal_group (
              first_position INTEGER PRIMARY KEY,
              record_count INTEGER NOT NULL,
              written_at INTEGER NOT NULL,
              payload BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS journal_probe (at INTEGER NOT NULL);
            INSERT INTO journal_probe SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM journal_probe);
            COMMIT;
            """);
    }

    /// <summary>Throws when the file was written by a version that this one does not know.</summary>
    public static void RefuseNewer(SqliteConnection connection)
    {
        var version = Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), null);
        if (version > SqliteJournal.LayoutVersion)
        {
            throw new InvalidDataException(
                $"The journal has layout {version}; this version knows up to {SqliteJournal.LayoutVersion}. Start the version that wrote it, or a newer one.");
        }
    }

    /// <summary>Runs a statement.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query for one value.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
