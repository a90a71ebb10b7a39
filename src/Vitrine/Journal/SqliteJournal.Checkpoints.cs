using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Journal;

/// <remarks>
/// The write-ahead log is copied into the file from time to time. SQLite would do it by itself, but keep a failed fsync
/// to itself too. Copying takes up to a tenth of a second, for which nobody shall wait, so it is done beside the writer,
/// on a connection of its own; the writer then copies the little that it appended meanwhile. Only that second copy finds
/// the log all copied and lets it begin at its start again: without it the log would grow as long as the load lasts.
/// </remarks>
public sealed partial class SqliteJournal
{
    private const long CheckpointBytes = 32 << 20;

    private readonly SqliteConnection _checkpointing;
    private Task _copying = Task.CompletedTask;
    private bool _copied;
    private long _bytesSinceCheckpoint;

    /// <summary>Begins to copy, or ends it. Called by the writer between two groups.</summary>
    private void Checkpoint()
    {
        if (_fatal.Task.IsCompleted || !_copying.IsCompleted)
        {
            return;
        }

        if (_copied)
        {
            _copied = false;
            _bytesSinceCheckpoint = 0;
            Copy(_connection);
        }
        else if (_bytesSinceCheckpoint >= CheckpointBytes)
        {
            _copied = true;
            _copying = Task.Factory.StartNew(
                () => Copy(_checkpointing), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void Copy(SqliteConnection connection)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (code != raw.SQLITE_OK && raw.sqlite3_extended_errcode(connection.Handle) is var fault && FailedFsync(fault))
        {
            Judge(fault);
        }
    }
}
