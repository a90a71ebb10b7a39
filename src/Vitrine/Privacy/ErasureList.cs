using System.Text.Json;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>The list of erasures, as the catalog has it. Any thread may call.</summary>
internal sealed class ErasureList(ICatalog catalog)
{
    /// <summary>The documents of the catalog that are the list.</summary>
    public const string Kind = "erasure";

    /// <summary>All of it, in the order of its changes.</summary>
    public IReadOnlyList<(string EnvironmentId, Erasure Erasure)> All => [.. catalog.ReadChanged(Kind, -1).Select(static one => (one.EnvironmentId, Read(one)))];

    /// <summary>Those of an environment, the newest first.</summary>
    public IReadOnlyList<Erasure> Of(string environmentId) =>
        [.. All.Where(one => one.EnvironmentId == environmentId).Select(static one => one.Erasure).OrderByDescending(static one => one.ReceivedAt)];

    /// <summary>Adds an entry, or puts it in the place of the one with its id; notes it in the audit log.</summary>
    public void Write(string environmentId, string action, Erasure erasure)
    {
        while (true)
        {
            var revision = catalog.Find(environmentId, Kind, erasure.Id)?.Revision ?? 0;
            var note = new AuditNote(erasure.By, action, erasure.RequestId ?? erasure.Id, JsonSerializer.SerializeToUtf8Bytes(new { customers = erasure.Hashes.Count }));
            if (catalog.TryWrite(environmentId, note, new DocumentWrite(Kind, erasure.Id, revision, Body(erasure))) is not null)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Takes over the entries of another catalog that this one does not have, to be done here too; answers how many.
    /// What is here already was done here, or is being done.
    /// </summary>
    public int TakeOver(ICatalog other)
    {
        var known = All.Select(static one => one.Erasure.Id).ToHashSet(StringComparer.Ordinal);
        var missing = new ErasureList(other).All.Where(one => !known.Contains(one.Erasure.Id)).ToList();
        foreach (var (environmentId, erasure) in missing)
        {
            Write(environmentId, "take_over_erasure", erasure with { RequestId = null, Position = null, CompletedAt = null });
        }

        return missing.Count;
    }

    private static Erasure Read(CatalogDocument document) => JsonSerializer.Deserialize(document.Body, PrivacyListJson.Default.Erasure)!;

    private static byte[] Body(Erasure erasure) => JsonSerializer.SerializeToUtf8Bytes(erasure, PrivacyListJson.Default.Erasure);
}
