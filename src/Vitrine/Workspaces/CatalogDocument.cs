namespace Vitrine.Workspaces;

/// <summary>A small document that a feature keeps for an environment.</summary>
/// <param name="EnvironmentId">Whose it is, such as <c>SHOP</c> or <c>SHOP_DEBUG</c>.</param>
/// <param name="Kind">What it is; each feature reads only its own kinds.</param>
/// <param name="Id">By which it is found within its kind.</param>
/// <param name="Revision">1 when it is new, and one more with each write.</param>
/// <param name="Change">The number of its last change: grows over all documents of the catalog.</param>
/// <param name="Body">JSON in UTF-8.</param>
public sealed record CatalogDocument(string EnvironmentId, string Kind, string Id, long Revision, long Change, byte[] Body)
{
    /// <summary>The environment of documents that belong to the server, or the cluster, itself.</summary>
    public const string OfNobody = "-";
}

/// <summary>A document that is to be written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">By which it is found.</param>
/// <param name="ExpectedRevision">The revision that it is to replace; 0 when it must be new.</param>
/// <param name="Body">JSON in UTF-8.</param>
public sealed record DocumentWrite(string Kind, string Id, long ExpectedRevision, byte[] Body);

/// <summary>What the audit log is to say of a change.</summary>
/// <param name="By">Who made it.</param>
/// <param name="Action">What was done, in one word.</param>
/// <param name="Subject">To what it was done.</param>
/// <param name="Detail">More of it, as JSON in UTF-8; null when there is no more to say.</param>
public sealed record AuditNote(string By, string Action, string Subject, byte[]? Detail);

/// <summary>An entry of the audit log. Entries are never changed or taken away.</summary>
/// <param name="Number">Its place in the log.</param>
/// <param name="At">When.</param>
/// <param name="Note">What.</param>
public sealed record AuditEntry(long Number, DateTimeOffset At, AuditNote Note);
