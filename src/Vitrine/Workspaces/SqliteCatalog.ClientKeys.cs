using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Workspaces;

public sealed partial class SqliteCatalog
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

    /// <inheritdoc/>
    public void CreateClientKey(string workspaceId, string key, IReadOnlyList<string> origins, int? requestsPerMinute)
    {
        Refuse(WorkspaceRules.WhyNotClientKey(key) ?? WorkspaceRules.WhyNotOrigins(origins) ?? WorkspaceRules.WhyNotRequestsPerMinute(requestsPerMinute));
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            Insert(workspaceId, key, JsonSerializer.Serialize(origins), requestsPerMinute, transaction);
            transaction.Commit();
            Publish();
        }
    }

    /// <inheritdoc/>
    public void RotateClientKey(string workspaceId, string key, string successor, TimeSpan overlap)
    {
        Refuse(WorkspaceRules.WhyNotClientKey(successor));
        Refuse(WorkspaceRules.WhyNotOverlap(overlap));
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var present = _connection.QuerySingleOrDefault<(string Origins, int? RequestsPerMinute)?>(
                "SELECT origins, requests_per_minute FROM client_key WHERE workspace_id = @workspaceId AND key = @key",
                new { workspaceId, key },
                transaction);
            if (present is not var (origins, requestsPerMinute))
            {
                throw UnknownClientKey(workspaceId, key);
            }

            Expire(workspaceId, key, Now() + (long)overlap.TotalMilliseconds, transaction);
            Insert(workspaceId, successor, origins, requestsPerMinute, transaction);
            transaction.Commit();
            Publish();
        }
    }

    /// <inheritdoc/>
    public void RevokeClientKey(string workspaceId, string key)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            if (Expire(workspaceId, key, Now(), transaction) == 0)
            {
                throw UnknownClientKey(workspaceId, key);
            }

            transaction.Commit();
            Publish();
        }
    }

    private static CatalogException UnknownClientKey(string workspaceId, string key) => new($"The workspace {workspaceId} has no client key {key}.");

    /// <summary>Sets when a key ends, if it does not end sooner; what has ended goes. Answers how many keys there were of that name.</summary>
    private int Expire(string workspaceId, string key, long end, SqliteTransaction transaction)
    {
        var found = _connection.Execute(
            "UPDATE client_key SET expires_at = min(coalesce(expires_at, @end), @end) WHERE workspace_id = @workspaceId AND key = @key",
            new { end, workspaceId, key },
            transaction);
        _connection.Execute("DELETE FROM client_key WHERE expires_at <= @now", new { now = Now() }, transaction);
        return found;
    }

    private void Insert(string workspaceId, string key, string origins, int? requestsPerMinute, SqliteTransaction transaction)
    {
        var known = _connection.ExecuteScalar<long>("SELECT count(*) FROM workspace WHERE id = @workspaceId", new { workspaceId }, transaction);
        Refuse(known == 0 ? $"There is no workspace {workspaceId}." : null);
        var inserted = _connection.Execute(
            """
            INSERT INTO client_key (key, workspace_id, origins, requests_per_minute, created_at)
            VALUES (@key, @workspaceId, @origins, @requestsPerMinute, @now) ON CONFLICT DO NOTHING
            """,
            new { key, workspaceId, origins, requestsPerMinute, now = Now() },
            transaction);
        Refuse(inserted == 0 ? "There is already a client key of that text." : null);
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
