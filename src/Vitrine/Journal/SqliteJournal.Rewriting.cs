using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Journal;

/// <remarks>
/// Erasures are the one exception to append-only: records before a position are replaced by others in their places. The
/// groups are read on a connection of its own and replaced some at a time by the writer, between two groups of appends.
/// What was there is overwritten, not only let go (<c>secure_delete</c>, which the writer has on all its life but when it
/// trims), free pages are too, and the write-ahead log is emptied behind it. It may be interrupted anywhere and done
/// again: a group is as it was or as it is to be. Whoever reads meanwhile finds a group in either state.
/// </remarks>
public sealed partial class SqliteJournal
{
    private const string OverwriteDeleted = "PRAGMA secure_delete = ON";
    private const string OverwriteDeletedInPages = "PRAGMA secure_delete = FAST";

    private const int GroupsPerRewrite = 64;
    private const int PagesPerOverwriting = 1024;
    private const long BytesPerRewrite = 8 << 20;

    /// <summary>How often it is tried to empty the write-ahead log, which readers hold for moments.</summary>
    private const int TruncationAttempts = 100;

    private static readonly TimeSpan TruncationPause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public Task<int> RewriteAsync(long last, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo, CancellationToken cancellation) =>
        Task.Factory.StartNew(
            () => Rewrite(last, rewrite, mustGo, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    /// <remarks>In free pages, in the write-ahead log, which readers may hold, and in the tail in memory.</remarks>
    public async Task OverwriteRemainsAsync(CancellationToken cancellation)
    {
        lock (_readersGate)
        {
            _tail.Clear();
        }

        while (await OnWriterAsync(OverwriteSome))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        while (await OnWriterAsync(GiveBackSome))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        for (var attempt = 0; attempt < TruncationAttempts; attempt++)
        {
            if (await OnWriterAsync(TryTruncateLog))
            {
                return;
            }

            await Task.Delay(TruncationPause, cancellation);
        }

        throw new IOException("The journal's write-ahead log is being read all the time and could not be emptied.");
    }

    private int Rewrite(long last, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo, CancellationToken cancellation)
    {
        using var connection = OpenForReading(_path);
        var (changed, bytes) = (0, 0L);
        var pending = new List<(JournalGroup Before, byte[] After)>();
        for (var position = FirstPosition - 1; position < last && ReadAfter(connection, position) is { } group; position = group.LastPosition)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!group.Payload.IsEmpty && GroupRewriting.Of(group, rewrite, mustGo) is { } payload)
            {
                pending.Add((group, payload));
                (changed, bytes) = (changed + 1, bytes + payload.Length);
            }

            if (pending.Count == GroupsPerRewrite || bytes >= BytesPerRewrite)
            {
                ReplaceNow();
            }
        }

        ReplaceNow();
        return changed;

        void ReplaceNow()
        {
            OnWriterAsync(writer => Replace(writer, pending)).GetAwaiter().GetResult(); // On a thread of its own.
            pending.Clear();
            bytes = 0;
        }
    }

    private int Replace(SqliteConnection connection, List<(JournalGroup Before, byte[] After)> groups)
    {
        if (groups.Count == 0)
        {
            return 0;
        }

        using var transaction = connection.BeginTransaction();
        foreach (var (before, after) in groups)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "UPDATE journal_group SET payload = $payload WHERE first_position = $first"; // Trimmed meanwhile, it is gone anyway.
            command.Parameters.AddWithValue("$payload", after);
            command.Parameters.AddWithValue("$first", before.FirstPosition);
            if (command.ExecuteNonQuery() > 0 && before.LastPosition <= Volatile.Read(ref _measuredPosition))
            {
                Interlocked.Add(ref _measuredBytes, after.Length - before.Payload.Length);
            }

            _bytesSinceCheckpoint += after.Length;
        }

        transaction.Commit();
        return groups.Count;
    }

    /// <summary>
    /// Takes free pages, which hold what was trimmed, for zeros that nobody needs; false when there are none left.
    /// </summary>
    private bool OverwriteSome(SqliteConnection connection)
    {
        JournalFile.Execute(connection, "CREATE TABLE IF NOT EXISTS journal_zeros (zeros BLOB NOT NULL)");
        var free = Convert.ToInt64(JournalFile.Scalar(connection, "PRAGMA freelist_count"), null);
        var pages = Math.Min(free - 1, PagesPerOverwriting); // One for the row itself, so that the file does not grow.
        if (pages < 1)
        {
            return false;
        }

        var pageBytes = Convert.ToInt64(JournalFile.Scalar(connection, "PRAGMA page_size"), null);
        JournalFile.Execute(connection, string.Create(null, $"INSERT INTO journal_zeros VALUES (zeroblob({pages * (pageBytes - 4)}))"));
        _bytesSinceCheckpoint += pages * pageBytes;
        return true;
    }

    /// <summary>Gives the pages back; false when all are.</summary>
    private static bool GiveBackSome(SqliteConnection connection)
    {
        JournalFile.Execute(connection, OverwriteDeletedInPages);
        try
        {
            JournalFile.Execute(connection, "DELETE FROM journal_zeros WHERE rowid IN (SELECT rowid FROM journal_zeros LIMIT 4)");
            return JournalFile.Scalar(connection, "SELECT 1 FROM journal_zeros LIMIT 1") is not null;
        }
        finally
        {
            JournalFile.Execute(connection, OverwriteDeleted);
        }
    }

    private bool TryTruncateLog(SqliteConnection connection)
    {
        JournalFile.Execute(connection, "PRAGMA busy_timeout = 0"); // Appends wait behind this; a reader is asked again later.
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        JournalFile.Execute(connection, JournalFile.Patience);
        if (code == raw.SQLITE_OK)
        {
            _bytesSinceCheckpoint = 0;
            return true;
        }

        if (raw.sqlite3_extended_errcode(connection.Handle) is var fault && FailedFsync(fault))
        {
            Judge(fault);
        }

        return false;
    }
}
