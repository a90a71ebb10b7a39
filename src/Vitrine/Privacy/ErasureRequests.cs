using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>Makes requests to erase customers durable. They are carried out behind the journal: see <see cref="Eraser"/>.</summary>
internal sealed class ErasureRequests(IJournal journal, TimeProvider time)
{
    /// <summary>Appends a request; completes when it is on stable storage, or nothing of it is stored.</summary>
    /// <param name="environment">Whose customers.</param>
    /// <param name="by">Who asks; never the customer.</param>
    /// <param name="customers">Their ids.</param>
    public ValueTask<AppendResult> AppendAsync(WorkspaceEnvironment environment, string by, IReadOnlyList<string> customers) =>
        AppendAsync(new ErasureRecord(time.GetUtcNow().ToUnixTimeMilliseconds(), environment.Id, Guid.NewGuid().ToString("N"), by, null, [.. customers.Select(environment.Workspace.StoredId).Distinct(StringComparer.Ordinal)]));

    /// <summary>As above, of an erasure that is in the list already.</summary>
    public async ValueTask<AppendResult> AppendAsync(ErasureRecord erasure)
    {
        var record = PendingRecord.Rent();
        ErasureRecordCodec.Write(erasure, record.Body);
        var stored = await journal.AppendAsync(erasure.EnvironmentId, record);
        record.Return();
        return stored;
    }

    /// <summary>The record of an erasure; null where it was trimmed, or cannot be read.</summary>
    public static ErasureRecord? Read(IJournal journal, long position) =>
        journal.Find(position) is { } record && RecordKinds.Of(record) == RecordKind.Erasure ? ErasureRecordCodec.Read(record) : null;
}
