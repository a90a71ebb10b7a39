using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Workspaces;

internal sealed partial class CatalogFile
{
    /// <summary>Makes a change as of a moment; answers the documents that it wrote, or null where what it expects is not so.</summary>
    /// <exception cref="CatalogException">It is refused; nothing has changed.</exception>
    public IReadOnlyList<CatalogDocument>? Make(CatalogChange change, DateTimeOffset moment)
    {
        var now = moment.ToUnixTimeMilliseconds();
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var documents = Make(change, now, transaction);
            if (documents is not null)
            {
                transaction.Commit();
                if (change is not DocumentsWrite)
                {
                    Publish();
                }
            }

            return documents;
        }
    }

    /// <summary>The present settings of a workspace.</summary>
    /// <exception cref="CatalogException">There is none of that id.</exception>
    public WorkspaceSettings SettingsOf(string workspaceId)
    {
        lock (_gate)
        {
            return SettingsOf(workspaceId, null);
        }
    }

    private List<CatalogDocument>? Make(CatalogChange change, long now, SqliteTransaction transaction)
    {
        switch (change)
        {
            case DocumentsWrite write:
                return Write(write, now, transaction);
            case SettingsChange settings:
                return Change(settings, transaction) ? [] : null;
            case WorkspaceCreation workspace:
                Create(workspace, now, transaction);
                break;
            case KeyRotation key:
                Rotate(key, now, transaction);
                break;
            case ClientKeyCreation key:
                Insert(key.WorkspaceId, key.Key, JsonSerializer.Serialize(key.Origins), key.RequestsPerMinute, now, transaction);
                break;
            case ClientKeyRotation key:
                Rotate(key, now, transaction);
                break;
            case ClientKeyRevocation key:
                CatalogException.Refuse(Expire(key.WorkspaceId, key.Key, now, now, transaction) == 0 ? UnknownClientKey(key.WorkspaceId, key.Key) : null);
                break;
            case TimeZoneChange zone:
                var changed = _connection.Execute("UPDATE workspace SET time_zone = @TimeZone WHERE id = @WorkspaceId", zone, transaction);
                CatalogException.Refuse(changed == 0 ? Unknown(zone.WorkspaceId) : null);
                break;
            default:
                throw new InvalidDataException($"The catalog does not know how to make a {change.GetType().Name}.");
        }

        return [];
    }

    private void Create(WorkspaceCreation workspace, long now, SqliteTransaction transaction)
    {
        var inserted = _connection.Execute(
            "INSERT INTO workspace (id, time_zone, created_at, settings) VALUES (@Id, @TimeZone, @now, @settings) ON CONFLICT DO NOTHING",
            new { workspace.Id, workspace.TimeZone, now, settings = Text(workspace.Settings) },
            transaction);
        CatalogException.Refuse(inserted == 0 ? $"There is already a workspace {workspace.Id}." : null);
        InsertKey(workspace.Id, workspace.KeyHash, null, now, transaction);
    }

    private void Rotate(KeyRotation key, long now, SqliteTransaction transaction)
    {
        CatalogException.Refuse(IsKnown(key.WorkspaceId, transaction) ? null : Unknown(key.WorkspaceId));
        _connection.Execute(
            "UPDATE api_key SET expires_at = min(coalesce(expires_at, @end), @end) WHERE workspace_id = @WorkspaceId",
            new { end = now + (long)key.Overlap.TotalMilliseconds, key.WorkspaceId },
            transaction);
        InsertKey(key.WorkspaceId, key.KeyHash, key.RequestsPerMinute, now, transaction);
        _connection.Execute("DELETE FROM api_key WHERE expires_at <= @now", new { now }, transaction);
    }

    private void InsertKey(string workspaceId, byte[] hash, int? requestsPerMinute, long now, SqliteTransaction transaction) =>
        _connection.Execute(
            "INSERT INTO api_key (workspace_id, hash, created_at, requests_per_minute) VALUES (@workspaceId, @hash, @now, @requestsPerMinute)",
            new { workspaceId, hash, now, requestsPerMinute },
            transaction);

    private bool Change(SettingsChange settings, SqliteTransaction transaction)
    {
        var before = SettingsOf(settings.WorkspaceId, transaction);
        if (before != settings.Before)
        {
            return false;
        }

        CatalogException.Refuse(settings.After.PseudonymKey != before.PseudonymKey ? "Whether customers have pseudonyms is said when a workspace is made: afterwards each would be two." : null);
        _connection.Execute("UPDATE workspace SET settings = @settings WHERE id = @WorkspaceId", new { settings.WorkspaceId, settings = Text(settings.After) }, transaction);
        return true;
    }

    private WorkspaceSettings SettingsOf(string workspaceId, SqliteTransaction? transaction)
    {
        var present = _connection.ExecuteScalar<string?>("SELECT settings FROM workspace WHERE id = @workspaceId", new { workspaceId }, transaction);
        CatalogException.Refuse(present is null ? Unknown(workspaceId) : null);
        return JsonSerializer.Deserialize(present!, WorkspacesJson.Default.WorkspaceSettings)!;
    }

    private bool IsKnown(string workspaceId, SqliteTransaction transaction) =>
        _connection.ExecuteScalar<long>("SELECT count(*) FROM workspace WHERE id = @workspaceId", new { workspaceId }, transaction) > 0;

    private static string Text(WorkspaceSettings settings) => JsonSerializer.Serialize(settings, WorkspacesJson.Default.WorkspaceSettings);

    private static string Unknown(string workspaceId) => $"There is no workspace {workspaceId}.";
}
