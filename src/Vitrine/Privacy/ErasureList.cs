using System.Text.Json;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>The list of erasures, as the catalog has it.</summary>
/// <remarks>
/// Any thread may call. It is read once, and then what has changed since: thousands of erasures cost nothing to ask about.
/// What somebody is handed is never changed afterwards.
/// </remarks>
internal sealed class ErasureList(ICatalog catalog)
{
    private const string Kind = "erasure";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string EnvironmentId, Erasure Erasure, long Revision)> _byId = new(StringComparer.Ordinal);
    private long _change = -1;

    /// <summary>All of it.</summary>
    public IReadOnlyList<(string EnvironmentId, Erasure Erasure)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. Current().Values.Select(static one => (one.EnvironmentId, one.Erasure))];
            }
        }
    }

    /// <summary>The entry of an id; null when there is none.</summary>
    public Erasure? Find(string id)
    {
        lock (_gate)
        {
            return Current().GetValueOrDefault(id).Erasure;
        }
    }

    /// <summary>Those of an environment, the newest first.</summary>
    public IReadOnlyList<Erasure> Of(string environmentId) =>
        [.. All.Where(one => one.EnvironmentId == environmentId).Select(static one => one.Erasure).OrderByDescending(static one => one.ReceivedAt)];

    /// <summary>Adds an entry, or puts it in the place of the one with its id; notes it in the audit log.</summary>
    public void Write(string environmentId, string action, Erasure erasure)
    {
        var note = new AuditNote(erasure.By, action, erasure.RequestId ?? erasure.Id, JsonSerializer.SerializeToUtf8Bytes(new { customers = erasure.Hashes.Count }));
        var body = JsonSerializer.SerializeToUtf8Bytes(erasure, PrivacyListJson.Default.Erasure);
        while (catalog.TryWrite(environmentId, note, new DocumentWrite(Kind, erasure.Id, Revision(erasure.Id), body)) is null)
        {
            // Somebody else has written it meanwhile.
        }
    }

    /// <summary>
    /// Takes over the entries of another catalog that this one does not have, to be done here too; answers how many.
    /// What is here already was done here, or is being done.
    /// </summary>
    public int TakeOver(ICatalog other)
    {
        var missing = new ErasureList(other).All.Where(one => Find(one.Erasure.Id) is null).ToList();
        foreach (var (environmentId, erasure) in missing)
        {
            Write(environmentId, "take_over_erasure", erasure with { RequestId = null, Position = null, CompletedAt = null });
        }

        return missing.Count;
    }

    private long Revision(string id)
    {
        lock (_gate)
        {
            return Current().GetValueOrDefault(id).Revision;
        }
    }

    private Dictionary<string, (string EnvironmentId, Erasure Erasure, long Revision)> Current()
    {
        foreach (var document in catalog.ReadChanged(Kind, _change))
        {
            _byId[document.Id] = (document.EnvironmentId, JsonSerializer.Deserialize(document.Body, PrivacyListJson.Default.Erasure)!, document.Revision);
            _change = document.Change;
        }

        return _byId;
    }
}
