using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Workspaces;

internal sealed partial class CatalogFile
{
    private const string ClientKeyTable = """
        CREATE TABLE IF NOT EXISTS client_key (
          key TEXT PRIMARY KEY,
          workspace_id TEXT NOT NULL REFERENCES workspace (id),
          origins TEXT NOT NULL,
          requests_per_minute INTEGER,
          created_at INTEGER NOT NULL,
          expires_at INTEGER);
        """;

    private void Rotate(ClientKeyRotation key, long now, SqliteTransaction transaction)
    {
        var present = _connection.QuerySingleOrDefault<(string Origins, int? RequestsPerMinute)?>(
            "SELECT origins, requests_per_minute FROM client_key WHERE workspace_id = @WorkspaceId AND key = @Key", key, transaction);
        CatalogException.Refuse(present is null ? UnknownClientKey(key.WorkspaceId, key.Key) : null);
        Expire(key.WorkspaceId, key.Key, now + (long)key.Overlap.TotalMilliseconds, now, transaction);
        Insert(key.WorkspaceId, key.Successor, present!.Value.Origins, present.Value.RequestsPerMinute, now, transaction);
    }

    private static string UnknownClientKey(string workspaceId, string key) => $"The workspace {workspaceId} has no client key {key}.";

    /// <summary>Sets when a key ends, if it does not end sooner; what has ended goes. Answers how many keys there were of that name.</summary>
    private int Expire(string workspaceId, string key, long end, long now, SqliteTransaction transaction)
    {
        var found = _connection.Execute(
            "UPDATE client_key SET expires_at = min(coalesce(expires_at, @end), @end) WHERE workspace_id = @workspaceId AND key = @key",
            new { end, workspaceId, key },
            transaction);
        _connection.Execute("DELETE FROM client_key WHERE expires_at <= @now", new { now }, transaction);
        return found;
    }

    private void Insert(string workspaceId, string key, string origins, int? requestsPerMinute, long now, SqliteTransaction transaction)
    {
        CatalogException.Refuse(IsKnown(workspaceId, transaction) ? null : Unknown(workspaceId));
        var inserted = _connection.Execute(
            """
            INSERT INTO client_key (key, workspace_id, origins, requests_per_minute, created_at)
            VALUES (@key, @workspaceId, @origins, @requestsPerMinute, @now) ON CONFLICT DO NOTHING
            """,
            new { key, workspaceId, origins, requestsPerMinute, now },
            transaction);
        CatalogException.Refuse(inserted == 0 ? "There is already a client key of that text." : null);
    }

    private ILookup<string, ClientKey> LoadClientKeys() => _connection
        .Query<(string Workspace, string Key, string Origins, int? RequestsPerMinute, long CreatedAt, long? ExpiresAt)>(
            "SELECT workspace_id, key, origins, requests_per_minute, created_at, expires_at FROM client_key ORDER BY created_at DESC, rowid DESC")
        .ToLookup(
            static row => row.Workspace,
            static row => new ClientKey(
                row.Key,
                JsonSerializer.Deserialize<string[]>(row.Origins)!,
                row.RequestsPerMinute,
                DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
                At(row.ExpiresAt)));
}
