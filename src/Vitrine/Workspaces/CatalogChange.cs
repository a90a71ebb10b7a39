using System.Text.Json.Serialization;

namespace Vitrine.Workspaces;

/// <summary>
/// One change of the catalog, as it can be written down and made elsewhere: whoever makes the same changes in the same
/// order, each at the moment that is noted with it, comes to the same catalog, and finds the same ones refused.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "change")]
[JsonDerivedType(typeof(WorkspaceCreation), "workspace")]
[JsonDerivedType(typeof(KeyRotation), "key")]
[JsonDerivedType(typeof(ClientKeyCreation), "client-key")]
[JsonDerivedType(typeof(ClientKeyRotation), "client-key-rotation")]
[JsonDerivedType(typeof(ClientKeyRevocation), "client-key-revocation")]
[JsonDerivedType(typeof(TimeZoneChange), "time-zone")]
[JsonDerivedType(typeof(SettingsChange), "settings")]
[JsonDerivedType(typeof(DocumentsWrite), "documents")]
internal abstract record CatalogChange;

/// <summary>A workspace is made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="KeyHash">The hash of its secret key.</param>
/// <param name="TimeZone">The id of its time zone.</param>
/// <param name="Settings">What else is set up for it.</param>
internal sealed record WorkspaceCreation(string Id, byte[] KeyHash, string TimeZone, WorkspaceSettings Settings) : CatalogChange;

/// <summary>A workspace gets a new secret key; the others end after a while.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="KeyHash">The hash of the new key.</param>
/// <param name="Overlap">How long the others go on.</param>
/// <param name="RequestsPerMinute">The new key's limit.</param>
internal sealed record KeyRotation(string WorkspaceId, byte[] KeyHash, TimeSpan Overlap, int? RequestsPerMinute) : CatalogChange;

/// <summary>A client key is made.</summary>
internal sealed record ClientKeyCreation(string WorkspaceId, string Key, IReadOnlyList<string> Origins, int? RequestsPerMinute) : CatalogChange;

/// <summary>Another client key is put in the place of one, which ends after a while.</summary>
internal sealed record ClientKeyRotation(string WorkspaceId, string Key, string Successor, TimeSpan Overlap) : CatalogChange;

/// <summary>A client key ends.</summary>
internal sealed record ClientKeyRevocation(string WorkspaceId, string Key) : CatalogChange;

/// <summary>A workspace's reports count days in another zone.</summary>
internal sealed record TimeZoneChange(string WorkspaceId, string TimeZone) : CatalogChange;

/// <summary>A workspace's settings change, if they are still those that were seen.</summary>
internal sealed record SettingsChange(string WorkspaceId, WorkspaceSettings Before, WorkspaceSettings After) : CatalogChange;

/// <summary>Documents are written, with an entry of the audit log, if their revisions are still those that were seen.</summary>
internal sealed record DocumentsWrite(string EnvironmentId, AuditNote Note, IReadOnlyList<DocumentWrite> Writes) : CatalogChange;
