using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Workspaces;

internal sealed partial class CatalogFile
{
    private const string DocumentColumns =
        "environment_id AS EnvironmentId, kind AS Kind, id AS Id, revision AS Revision, change AS Change, body AS Body";

    private const string DocumentTables = """
        CREATE TABLE IF NOT EXISTS document (
          environment_id TEXT NOT NULL,
          kind TEXT NOT NULL,
          id TEXT NOT NULL,
          revision INTEGER NOT NULL,
          change INTEGER NOT NULL,
          body BLOB NOT NULL,
          UNIQUE (environment_id, kind, id));
        CREATE UNIQUE INDEX IF NOT EXISTS document_change ON document (change);
        CREATE TABLE IF NOT EXISTS audit (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          environment_id TEXT NOT NULL,
          at INTEGER NOT NULL,
          by TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT NOT NULL,
          detail BLOB);
        CREATE INDEX IF NOT EXISTS audit_subject ON audit (environment_id, subject, number);
        """;

    /// <summary>The document; null when there is none.</summary>
    public CatalogDocument? Find(string environmentId, string kind, string id)
    {
        lock (_gate)
        {
            return _connection.QuerySingleOrDefault<CatalogDocument>(
                $"SELECT {DocumentColumns} FROM document WHERE environment_id = @environmentId AND kind = @kind AND id = @id",
                new { environmentId, kind, id });
        }
    }

    /// <summary>The documents of a kind whose last change came after one, in the order of their changes.</summary>
    public IReadOnlyList<CatalogDocument> ReadChanged(string kind, long change)
    {
        lock (_gate)
        {
            return [.. _connection.Query<CatalogDocument>(
                $"SELECT {DocumentColumns} FROM document WHERE change > @change AND kind = @kind ORDER BY change",
                new { kind, change })];
        }
    }

    /// <summary>The newest entries of an environment's audit log before a number, newest first.</summary>
    public IReadOnlyList<AuditEntry> ReadAudit(string environmentId, string? subject, long before, int limit)
    {
        lock (_gate)
        {
            return [.. _connection
                .Query<(long Number, long At, string By, string Action, string Subject, byte[]? Detail)>(
                    """
                    SELECT number, at, by, action, subject, detail FROM audit
                    WHERE environment_id = @environmentId AND number < @before AND (@subject IS NULL OR subject = @subject)
                    ORDER BY number DESC LIMIT @limit
                    """,
                    new { environmentId, before, subject, limit })
                .Select(static row => new AuditEntry(
                    row.Number,
                    DateTimeOffset.FromUnixTimeMilliseconds(row.At),
                    new AuditNote(row.By, row.Action, row.Subject, row.Detail)))];
        }
    }

    /// <summary>The documents as they were written, with the entry of the audit log; null when one's revision is not the expected one.</summary>
    private List<CatalogDocument>? Write(DocumentsWrite change, long now, SqliteTransaction transaction)
    {
        var written = new List<CatalogDocument>();
        foreach (var write in change.Writes)
        {
            if (Write(change.EnvironmentId, write, transaction) is not { } document)
            {
                return null;
            }

            written.Add(document);
        }

        var (environmentId, note) = (change.EnvironmentId, change.Note);
        _connection.Execute(
            "INSERT INTO audit (environment_id, at, by, action, subject, detail) VALUES (@environmentId, @now, @By, @Action, @Subject, @Detail)",
            new { environmentId, now, note.By, note.Action, note.Subject, note.Detail },
            transaction);
        return written;
    }

    /// <summary>The document as it was written; null when its revision is not the expected one.</summary>
    private CatalogDocument? Write(string environmentId, DocumentWrite write, SqliteTransaction transaction) =>
        _connection.QuerySingleOrDefault<CatalogDocument>(
            write.ExpectedRevision == 0
                ? $"""
                  INSERT INTO document (environment_id, kind, id, revision, change, body)
                  SELECT @environmentId, @Kind, @Id, 1, (SELECT coalesce(max(change), 0) + 1 FROM document), @Body
                  WHERE NOT EXISTS (SELECT 1 FROM document WHERE environment_id = @environmentId AND kind = @Kind AND id = @Id)
                  RETURNING {DocumentColumns}
                  """
                : $"""
                  UPDATE document SET revision = revision + 1, change = (SELECT max(change) + 1 FROM document), body = @Body
                  WHERE environment_id = @environmentId AND kind = @Kind AND id = @Id AND revision = @ExpectedRevision
                  RETURNING {DocumentColumns}
                  """,
            new { environmentId, write.Kind, write.Id, write.ExpectedRevision, write.Body },
            transaction);
}
