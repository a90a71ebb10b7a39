using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>A catalog as one SQLite file.</summary>
/// <remarks>
/// Any thread may read <see cref="Current"/>; changes are serialised by a lock here and by SQLite between processes, and
/// are on disk before they are visible.
/// </remarks>
internal sealed partial class CatalogFile : IDisposable
{
    /// <summary>The version of the tables; earlier ones are brought up to it.</summary>
    public const int Layout = 4;

    private const int SettingsSince = 4;

    private const string SettingsColumns = """
        ALTER TABLE workspace ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE api_key ADD COLUMN requests_per_minute INTEGER;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private CatalogSnapshot _current;
    private long _dataVersion;

    /// <summary>Opens or creates the catalog.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public CatalogFile(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Prepare();
        _dataVersion = DataVersion();
        _current = Load();
    }

    /// <summary>The present state.</summary>
    public CatalogSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Takes over what another process has changed; true when there was anything.</summary>
    public bool Refresh()
    {
        lock (_gate)
        {
            var version = DataVersion();
            if (version == _dataVersion)
            {
                return false;
            }

            Publish();
            _dataVersion = version; // Only now: a change that could not be read is asked for again.
            return true;
        }
    }

    /// <summary>Writes what it holds at this moment to a file that is not there yet.</summary>
    public void CopyTo(string path)
    {
        lock (_gate)
        {
            _connection.Execute("VACUUM INTO @path", new { path });
        }
    }

    /// <summary>Takes over all that such a file holds, and forgets what was here.</summary>
    public void TakeOver(string path)
    {
        lock (_gate)
        {
            using (var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()))
            {
                source.Open();
                source.BackupDatabase(_connection);
            }

            Prepare();
            Publish();
            _dataVersion = DataVersion();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    private void Prepare()
    {
        _connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
        if (LayoutOfFile() == Layout)
        {
            return; // Opening it to read is no change that a server would have to take over.
        }

        using var transaction = _connection.BeginTransaction(); // Of two processes that come at the same time one makes the tables.
        var layout = LayoutOfFile();
        if (layout > Layout)
        {
            throw new InvalidDataException(
                $"The catalog has layout {layout}; this version knows up to {Layout}. Start the version that wrote it, or a newer one.");
        }

        _connection.Execute($"""
            CREATE TABLE IF NOT EXISTS workspace (
              id TEXT PRIMARY KEY,
              time_zone TEXT NOT NULL,
              created_at INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS api_key (
              workspace_id TEXT NOT NULL REFERENCES workspace (id),
              hash BLOB NOT NULL,
              created_at INTEGER NOT NULL,
              expires_at INTEGER);
            {ClientKeyTable}
            {DocumentTables}
            {(layout < SettingsSince ? SettingsColumns : "")}
            PRAGMA user_version = {Layout};
            """, transaction: transaction);
        transaction.Commit();
    }

    private long LayoutOfFile() => _connection.ExecuteScalar<long>("PRAGMA user_version");

    private void Publish() => Volatile.Write(ref _current, Load());

    private CatalogSnapshot Load()
    {
        var keys = _connection
            .Query<(string Workspace, byte[] Hash, long? ExpiresAt, int? RequestsPerMinute)>(
                "SELECT workspace_id, hash, expires_at, requests_per_minute FROM api_key ORDER BY created_at DESC, rowid DESC")
            .ToLookup(static row => row.Workspace, static row => new ApiKey(row.Hash, At(row.ExpiresAt), row.RequestsPerMinute));
        var clientKeys = LoadClientKeys();
        var workspaces = _connection
            .Query<(string Id, string TimeZone, long CreatedAt, string Settings)>("SELECT id, time_zone, created_at, settings FROM workspace ORDER BY created_at, id")
            .Select(row => new Workspace(
                row.Id,
                DateTimeZoneProviders.Tzdb.GetZoneOrNull(row.TimeZone) ?? DateTimeZone.Utc,
                DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
                [.. keys[row.Id]],
                [.. clientKeys[row.Id]],
                JsonSerializer.Deserialize(row.Settings, WorkspacesJson.Default.WorkspaceSettings)!));
        return new CatalogSnapshot([.. workspaces]);
    }

    private static DateTimeOffset? At(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private long DataVersion() =>
        Convert.ToInt64(_connection.ExecuteScalar("PRAGMA data_version"), CultureInfo.InvariantCulture);
}
