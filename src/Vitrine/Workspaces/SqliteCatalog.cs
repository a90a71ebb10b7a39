using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>The embedded catalog: one SQLite file, shared by the server and the command line.</summary>
/// <remarks>
/// Any thread may read <see cref="Current"/>; changes are serialised by a lock here and by SQLite between processes, and
/// are on disk before they are visible. A change by another process is seen through SQLite's <c>data_version</c> by
/// <see cref="Refresh"/>.
/// </remarks>
public sealed partial class SqliteCatalog : ICatalog
{
    private const int LayoutVersion = 4;
    private const int SettingsSince = 4;

    private const string SettingsColumns = """
        ALTER TABLE workspace ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE api_key ADD COLUMN requests_per_minute INTEGER;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private CatalogSnapshot _current;
    private long _dataVersion;

    /// <summary>Opens or creates the catalog.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public SqliteCatalog(string path, TimeProvider time)
    {
        _time = time;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Prepare();
        _dataVersion = DataVersion();
        _current = Load();
    }

    /// <inheritdoc/>
    public CatalogSnapshot Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public void CreateWorkspace(string id, string key, DateTimeZone timeZone, WorkspaceSettings? settings = null)
    {
        Refuse(WorkspaceRules.WhyNotId(id) ?? WorkspaceRules.WhyNotKey(key) ?? settings?.WhyNot());
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var inserted = _connection.Execute(
                "INSERT INTO workspace (id, time_zone, created_at, settings) VALUES (@id, @zone, @now, @settings) ON CONFLICT DO NOTHING",
                new { id, zone = timeZone.Id, now = Now(), settings = JsonSerializer.Serialize(settings ?? new WorkspaceSettings(), WorkspacesJson.Default.WorkspaceSettings) },
                transaction);
            Refuse(inserted == 0 ? $"There is already a workspace {id}." : null);
            InsertKey(id, key, null, transaction);
            transaction.Commit();
            Publish();
        }
    }

    /// <inheritdoc/>
    public void RotateKey(string workspaceId, string key, TimeSpan overlap, int? requestsPerMinute = null)
    {
        Refuse(WorkspaceRules.WhyNotKey(key) ?? WorkspaceRules.WhyNotRequestsPerMinute(requestsPerMinute));
        Refuse(WorkspaceRules.WhyNotOverlap(overlap));
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var known = _connection.ExecuteScalar<long>(
                "SELECT count(*) FROM workspace WHERE id = @workspaceId", new { workspaceId }, transaction);
            Refuse(known == 0 ? $"There is no workspace {workspaceId}." : null);
            var end = Now() + (long)overlap.TotalMilliseconds;
            _connection.Execute(
                "UPDATE api_key SET expires_at = min(coalesce(expires_at, @end), @end) WHERE workspace_id = @workspaceId",
                new { end, workspaceId },
                transaction);
            InsertKey(workspaceId, key, requestsPerMinute, transaction);
            _connection.Execute("DELETE FROM api_key WHERE expires_at <= @now", new { now = Now() }, transaction);
            transaction.Commit();
            Publish();
        }
    }

    /// <inheritdoc/>
    public void SetTimeZone(string workspaceId, DateTimeZone timeZone)
    {
        lock (_gate)
        {
            var changed = _connection.Execute("UPDATE workspace SET time_zone = @zone WHERE id = @workspaceId", new { zone = timeZone.Id, workspaceId });
            Refuse(changed == 0 ? $"There is no workspace {workspaceId}." : null);
            Publish();
        }
    }

    /// <inheritdoc/>
    public void ChangeSettings(string workspaceId, Func<WorkspaceSettings, WorkspaceSettings> change)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var present = _connection.ExecuteScalar<string?>("SELECT settings FROM workspace WHERE id = @workspaceId", new { workspaceId }, transaction);
            Refuse(present is null ? $"There is no workspace {workspaceId}." : null);
            var before = JsonSerializer.Deserialize(present!, WorkspacesJson.Default.WorkspaceSettings)!;
            var next = change(before);
            Refuse(next.WhyNot() ?? (next.PseudonymKey != before.PseudonymKey ? "Whether customers have pseudonyms is said when a workspace is made: afterwards each would be two." : null));
            _connection.Execute(
                "UPDATE workspace SET settings = @settings WHERE id = @workspaceId",
                new { workspaceId, settings = JsonSerializer.Serialize(next, WorkspacesJson.Default.WorkspaceSettings) },
                transaction);
            transaction.Commit();
            Publish();
        }
    }

    /// <inheritdoc/>
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
        }

        DocumentsChanged?.Invoke();
        return true;
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
        if (Layout() == LayoutVersion)
        {
            return; // Opening it to read is no change that a server would have to take over.
        }

        using var transaction = _connection.BeginTransaction(); // Of two processes that come at the same time one makes the tables.
        var layout = Layout();
        if (layout > LayoutVersion)
        {
            throw new InvalidDataException(
                $"The catalog has layout {layout}; this version knows up to {LayoutVersion}. Start the version that wrote it, or a newer one.");
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
            PRAGMA user_version = {LayoutVersion};
            """, transaction: transaction);
        transaction.Commit();
    }

    private long Layout() => _connection.ExecuteScalar<long>("PRAGMA user_version");

    private void InsertKey(string workspaceId, string key, int? requestsPerMinute, SqliteTransaction transaction) =>
        _connection.Execute(
            "INSERT INTO api_key (workspace_id, hash, created_at, requests_per_minute) VALUES (@workspaceId, @hash, @now, @requestsPerMinute)",
            new { workspaceId, hash = WorkspaceRules.Hash(key), now = Now(), requestsPerMinute },
            transaction);

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

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void Refuse(string? reason)
    {
        if (reason is not null)
        {
            throw new CatalogException(reason);
        }
    }
}
