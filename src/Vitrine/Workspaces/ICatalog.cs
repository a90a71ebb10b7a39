using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>
/// What people set up: workspaces and their keys, and the documents that features keep for an environment. Small, rarely
/// changed, and read on every request from memory.
/// </summary>
/// <remarks>
/// Any thread may call any member. A change is on stable storage before its method returns, and whoever asks after that
/// sees it. Documents know their revision, so that of two writers who start from the same state the second is told; and
/// each change of one is numbered, so that a reader takes over no more than what he has not seen.
/// </remarks>
public interface ICatalog : IDisposable
{
    /// <summary>The present state. Immutable: take it once and use it throughout a request.</summary>
    CatalogSnapshot Current { get; }

    /// <summary>Makes a workspace.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="key">Its secret key.</param>
    /// <param name="timeZone">The zone in which its reports count days.</param>
    /// <param name="settings">What else is set up for it; null: nothing.</param>
    /// <exception cref="CatalogException">The id is taken or cannot be one, or the key or the settings cannot be such.</exception>
    void CreateWorkspace(string id, string key, DateTimeZone timeZone, WorkspaceSettings? settings = null);

    /// <summary>Gives a workspace a new key. The old ones stop working at once, or after <paramref name="overlap"/>.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="key">The new key.</param>
    /// <param name="overlap">How long the old ones go on.</param>
    /// <param name="requestsPerMinute">How many requests with the new key are taken in a minute; null: any number.</param>
    /// <exception cref="CatalogException">The workspace does not exist, or the key or the limit cannot be one.</exception>
    void RotateKey(string workspaceId, string key, TimeSpan overlap, int? requestsPerMinute = null);

    /// <summary>Makes a client key; see <see cref="ClientKey"/> for what its parts mean.</summary>
    /// <exception cref="CatalogException">The workspace does not exist, or one of the parts cannot be one.</exception>
    void CreateClientKey(string workspaceId, string key, IReadOnlyList<string> origins, int? requestsPerMinute);

    /// <summary>Puts another client key in the place of one, with the same origins and limit. The old one stops working at once, or after <paramref name="overlap"/>.</summary>
    /// <exception cref="CatalogException">The workspace has no such key, or the successor cannot be one.</exception>
    void RotateClientKey(string workspaceId, string key, string successor, TimeSpan overlap);

    /// <summary>Ends a client key at once.</summary>
    /// <exception cref="CatalogException">The workspace has no such key.</exception>
    void RevokeClientKey(string workspaceId, string key);

    /// <summary>Sets the zone in which a workspace's reports count days unless a request names another.</summary>
    /// <exception cref="CatalogException">The workspace does not exist.</exception>
    void SetTimeZone(string workspaceId, DateTimeZone timeZone);

    /// <summary>Changes a workspace's settings.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="change">Makes the next settings of the present ones; nobody else changes them meanwhile.</param>
    /// <exception cref="CatalogException">The workspace does not exist, or the settings cannot be such; whether customers have pseudonyms is said when it is made.</exception>
    void ChangeSettings(string workspaceId, Func<WorkspaceSettings, WorkspaceSettings> change);

    /// <summary>The document; null when there is none.</summary>
    CatalogDocument? Find(string environmentId, string kind, string id);

    /// <summary>The documents of a kind, of all environments, whose last change came after <paramref name="change"/>; in the order of their changes.</summary>
    IReadOnlyList<CatalogDocument> ReadChanged(string kind, long change);

    /// <summary>
    /// Writes documents and the entry of the audit log, all or nothing. Null, with nothing written, when one of the
    /// documents has another revision than expected.
    /// </summary>
    IReadOnlyList<CatalogDocument>? TryWrite(string environmentId, AuditNote note, params IReadOnlyList<DocumentWrite> writes);

    /// <summary>The newest entries of an environment's audit log before a number, newest first.</summary>
    /// <param name="environmentId">The environment.</param>
    /// <param name="subject">Only entries about it; null: about anything.</param>
    /// <param name="before">Only entries with smaller numbers.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<AuditEntry> ReadAudit(string environmentId, string? subject, long before, int limit);

    /// <summary>
    /// Raised after documents changed, here or in another process, on the thread that changed or saw them. A handler
    /// must not throw.
    /// </summary>
    event Action? DocumentsChanged;

    /// <summary>Takes over what another process has changed; true when there was anything.</summary>
    bool Refresh();
}

/// <summary>A change of the catalog was refused; the message says why and what would be right.</summary>
public sealed class CatalogException(string message) : Exception(message)
{
    /// <summary>Refuses where there is a reason.</summary>
    internal static void Refuse(string? reason)
    {
        if (reason is not null)
        {
            throw new CatalogException(reason);
        }
    }
}
