using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Forwarding;

/// <summary>How far a target is, as it is kept.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Kind">Its kind when it was last configured.</param>
/// <param name="Environment">Whose events it gets.</param>
/// <param name="Position">The last position of which everything is sent, or set aside.</param>
/// <param name="ReceivedAt">When the last event before it was received, Unix milliseconds; 0: unknown.</param>
/// <param name="Sent">Events and attributes that it has taken.</param>
/// <param name="Missed">Records that were gone before it could be sent them.</param>
internal sealed record Bookmark(string Target, string Kind, string Environment, long Position, long ReceivedAt, long Sent, long Missed);

/// <summary>What forwarding keeps: one SQLite file in the data folder, in WAL mode with synchronous=FULL.</summary>
/// <remarks>
/// A batch's bookmark, what was set aside of it and how its requests were answered are written in one transaction, once
/// the target has all of the batch. After a crash at any moment either all of it is there or none, and then the batch is
/// sent again: at least once, and each refusal and each compared answer counted once. Any thread may call; a lock makes
/// one of several.
/// </remarks>
internal sealed partial class ForwardingStore : IDisposable
{
    private const int LayoutVersion = 1;
    private const int BusySeconds = 5; // Somebody else may have it open for a moment, and a start must not wait for long.
    private const int ApplicationId = 0x56_49_54_46; // "VITF"

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="InvalidDataException">A newer version has written it.</exception>
    /// <exception cref="SqliteException">It is damaged, or cannot be written.</exception>
    public ForwardingStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            _connection.Open();
            Prepare();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>All bookmarks, by name.</summary>
    public IReadOnlyList<Bookmark> Bookmarks()
    {
        lock (_gate)
        {
            return [.. _connection.Query<Bookmark>("SELECT target AS Target, kind AS Kind, environment AS Environment, position AS Position, received_at AS ReceivedAt, sent AS Sent, missed AS Missed FROM bookmark ORDER BY target")];
        }
    }

    /// <summary>A target's bookmark; null when it has none.</summary>
    public Bookmark? Find(string target) => Bookmarks().FirstOrDefault(one => one.Target == target);

    /// <summary>Begins a target, or says anew what it is.</summary>
    public void Begin(ForwardTarget target, long position)
    {
        lock (_gate)
        {
            _connection.Execute(
                """
                INSERT INTO bookmark (target, kind, environment, position, received_at, sent, missed) VALUES (@Name, @Kind, @Environment, @position, 0, 0, 0)
                ON CONFLICT (target) DO UPDATE SET kind = excluded.kind, environment = excluded.environment, position = excluded.position
                """,
                new { target.Name, target.Kind, target.Environment, position });
        }
    }

    /// <summary>Moves a bookmark behind a batch, with what came of it.</summary>
    public void Complete(string target, ForwardedBatch batch, long receivedAt, BatchOutcome outcome)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            _connection.Execute(
                "UPDATE bookmark SET position = @Last, received_at = max(received_at, @receivedAt), sent = sent + @Sent, missed = missed + @Missed WHERE target = @target",
                new { target, batch.Last, receivedAt, outcome.Sent, batch.Missed },
                transaction);
            foreach (var one in outcome.Aside)
            {
                SetAside(target, one, transaction);
            }

            foreach (var one in outcome.Answers)
            {
                Compare(target, one, transaction);
            }

            transaction.Commit();
        }
    }

    /// <summary>Whether a fault says that the file is of no use, and not that it cannot be read or written now.</summary>
    public static bool MeansDamage(Exception fault) => fault is InvalidDataException or SqliteException { SqliteErrorCode: 11 or 26 }; // SQLITE_CORRUPT, SQLITE_NOTADB

    /// <summary>Forgets a target: its bookmark, what was set aside, and how it answered. False when there is none.</summary>
    public bool Drop(string target)
    {
        lock (_gate)
        {
            _asideCounts = null;
            using var transaction = _connection.BeginTransaction();
            var dropped = _connection.Execute("DELETE FROM bookmark WHERE target = @target", new { target }, transaction);
            _connection.Execute("DELETE FROM aside WHERE target = @target; DELETE FROM answers WHERE target = @target", new { target }, transaction);
            transaction.Commit();
            return dropped > 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Prepare()
    {
        _connection.Execute("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
        if (_connection.QuerySingle<string>("PRAGMA quick_check(1)") is not "ok" and var damage)
        {
            throw new InvalidDataException($"it is damaged ({damage})");
        }

        if (_connection.QuerySingle<long>("PRAGMA user_version") > LayoutVersion)
        {
            throw new InvalidDataException("a newer version has written it; start that one, or a newer one");
        }

        _connection.Execute($"""
            BEGIN IMMEDIATE;
            PRAGMA application_id = {ApplicationId};
            PRAGMA user_version = {LayoutVersion};
            CREATE TABLE IF NOT EXISTS bookmark (
              target TEXT PRIMARY KEY, kind TEXT NOT NULL, environment TEXT NOT NULL,
              position INTEGER NOT NULL, received_at INTEGER NOT NULL, sent INTEGER NOT NULL, missed INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS aside (
              target TEXT NOT NULL, position INTEGER NOT NULL, element INTEGER NOT NULL, action INTEGER NOT NULL,
              uuid TEXT NOT NULL, kind TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
              PRIMARY KEY (target, position, element, action)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS answers (
              target TEXT NOT NULL, day TEXT NOT NULL, ours INTEGER NOT NULL, theirs INTEGER NOT NULL,
              requests INTEGER NOT NULL, last_request_id TEXT NOT NULL,
              PRIMARY KEY (target, day, ours, theirs)) WITHOUT ROWID;
            COMMIT;
            """);
    }
}
