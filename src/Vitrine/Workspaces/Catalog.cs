using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>What all catalogs have in common: they read one file, and make a <see cref="CatalogChange"/> of whatever is to be changed.</summary>
/// <remarks>What can be judged without the present state is refused here, before anything is written down; the rest where the change is made.</remarks>
public abstract class Catalog : ICatalog
{
    private readonly CatalogFile _file;

    private protected Catalog(CatalogFile file) => _file = file;

    /// <inheritdoc/>
    public event Action? DocumentsChanged;

    /// <inheritdoc/>
    public CatalogSnapshot Current => _file.Current;

    /// <inheritdoc/>
    public void CreateWorkspace(string id, string key, DateTimeZone timeZone, WorkspaceSettings? settings = null)
    {
        CatalogException.Refuse(WorkspaceRules.WhyNotId(id) ?? WorkspaceRules.WhyNotKey(key) ?? settings?.WhyNot());
        Make(new WorkspaceCreation(id, WorkspaceRules.Hash(key), timeZone.Id, settings ?? new WorkspaceSettings()));
    }

    /// <inheritdoc/>
    public void RotateKey(string workspaceId, string key, TimeSpan overlap, int? requestsPerMinute = null)
    {
        CatalogException.Refuse(WorkspaceRules.WhyNotKey(key) ?? WorkspaceRules.WhyNotRequestsPerMinute(requestsPerMinute) ?? WorkspaceRules.WhyNotOverlap(overlap));
        Make(new KeyRotation(workspaceId, WorkspaceRules.Hash(key), overlap, requestsPerMinute));
    }

    /// <inheritdoc/>
    public void CreateClientKey(string workspaceId, string key, IReadOnlyList<string> origins, int? requestsPerMinute)
    {
        CatalogException.Refuse(WorkspaceRules.WhyNotClientKey(key) ?? WorkspaceRules.WhyNotOrigins(origins) ?? WorkspaceRules.WhyNotRequestsPerMinute(requestsPerMinute));
        Make(new ClientKeyCreation(workspaceId, key, origins, requestsPerMinute));
    }

    /// <inheritdoc/>
    public void RotateClientKey(string workspaceId, string key, string successor, TimeSpan overlap)
    {
        CatalogException.Refuse(WorkspaceRules.WhyNotClientKey(successor) ?? WorkspaceRules.WhyNotOverlap(overlap));
        Make(new ClientKeyRotation(workspaceId, key, successor, overlap));
    }

    /// <inheritdoc/>
    public void RevokeClientKey(string workspaceId, string key) => Make(new ClientKeyRevocation(workspaceId, key));

    /// <inheritdoc/>
    public void SetTimeZone(string workspaceId, DateTimeZone timeZone) => Make(new TimeZoneChange(workspaceId, timeZone.Id));

    /// <inheritdoc/>
    public void ChangeSettings(string workspaceId, Func<WorkspaceSettings, WorkspaceSettings> change)
    {
        SettingsChange made;
        do
        {
            var before = _file.SettingsOf(workspaceId);
            made = new SettingsChange(workspaceId, before, change(before));
            CatalogException.Refuse(made.After.WhyNot());
        }
        while (Make(made) is null); // Somebody else has changed them meanwhile.
    }

    /// <inheritdoc/>
    public CatalogDocument? Find(string environmentId, string kind, string id) => _file.Find(environmentId, kind, id);

    /// <inheritdoc/>
    public IReadOnlyList<CatalogDocument> ReadChanged(string kind, long change) => _file.ReadChanged(kind, change);

    /// <inheritdoc/>
    public IReadOnlyList<CatalogDocument>? TryWrite(string environmentId, AuditNote note, params IReadOnlyList<DocumentWrite> writes) =>
        Make(new DocumentsWrite(environmentId, note, writes));

    /// <inheritdoc/>
    public IReadOnlyList<AuditEntry> ReadAudit(string environmentId, string? subject, long before, int limit) =>
        _file.ReadAudit(environmentId, subject, before, limit);

    /// <inheritdoc/>
    public abstract bool Refresh();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _file.Dispose();
        Closed();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends whatever goes on beside; the file is closed behind it.</summary>
    private protected virtual void Close()
    {
    }

    /// <summary>The file is closed.</summary>
    private protected virtual void Closed()
    {
    }

    /// <summary>Makes a change durable, for everybody who asks from now on; answers the documents that it wrote, or null where what it expects is not so any more.</summary>
    /// <exception cref="CatalogException">It is refused.</exception>
    private protected abstract IReadOnlyList<CatalogDocument>? Make(CatalogChange change);

    /// <summary>Tells that documents may have changed.</summary>
    private protected void TellChanged() => DocumentsChanged?.Invoke();
}
