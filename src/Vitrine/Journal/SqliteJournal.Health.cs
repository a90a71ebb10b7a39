using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Journal;

public sealed partial class SqliteJournal
{
    private const int ProbeMilliseconds = 1000;

    private readonly long _reserved;
    private long _freeSpaceCheckedAt;
    private JournalHealth _health = JournalHealth.Good;

    /// <inheritdoc/>
    public JournalHealth Health
    {
        get
        {
            var health = Volatile.Read(ref _health);
            return health.Writable && FreeBytes() is var free && free < _reserved ? OutOfSpace(free) : health;
        }
    }

    private AppendOutcome Judge(int code)
    {
        if (code == raw.SQLITE_OK)
        {
            if (!_health.Writable)
            {
                Volatile.Write(ref _health, JournalHealth.Good);
            }

            return AppendOutcome.Durable;
        }

        var reason = $"SQLite error {code}: {raw.sqlite3_errstr(code).utf8_to_string()}";
        Volatile.Write(ref _health, new JournalHealth(false, reason));
        if (FailedFsync(code))
        {
            _fatal.TrySetResult($"an fsync of the journal failed ({reason}); what the disk holds is no longer known");
            return AppendOutcome.Closing;
        }

        return AppendOutcome.Unwritable;
    }

    private static bool FailedFsync(int code) => code is raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_DIR_FSYNC;

    private void Probe()
    {
        if (_fatal.Task.IsCompleted || OutOfReserve(0, out _))
        {
            return;
        }

        try
        {
            JournalFile.Execute(_connection, "UPDATE journal_probe SET at = at + 1");
            Volatile.Write(ref _health, JournalHealth.Good);
        }
        catch (SqliteException fault)
        {
            Judge(fault.SqliteExtendedErrorCode);
        }
    }

    /// <summary>Asks for the free space at most once a second while all is well; it is a system call.</summary>
    private bool OutOfReserve(int wanted, out JournalHealth health)
    {
        health = JournalHealth.Good;
        if (_health.Writable && Stopwatch.GetElapsedTime(_freeSpaceCheckedAt).TotalMilliseconds < ProbeMilliseconds)
        {
            return false;
        }

        _freeSpaceCheckedAt = Stopwatch.GetTimestamp();
        var free = FreeBytes();
        if (free - wanted >= _reserved)
        {
            return false;
        }

        health = OutOfSpace(free);
        return true;
    }

    private JournalHealth OutOfSpace(long free) =>
        new(false, $"{free:N0} bytes are free on the volume and {_reserved:N0} are kept in reserve");

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(_path)).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue; // The write itself will say what is wrong.
        }
    }
}
