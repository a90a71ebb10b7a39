using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary>Makes changes of profiles durable. They are applied where everything is: behind the journal.</summary>
internal sealed class CustomerChanges(IJournal journal, TimeProvider time)
{
    /// <summary>Appends a change; completes when it is on stable storage, or nothing of it is stored.</summary>
    /// <param name="environment">Whose customer.</param>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="attributes">A JSON object to set; empty: the profile is removed.</param>
    public async ValueTask<AppendResult> AppendAsync(WorkspaceEnvironment environment, byte[] customerId, byte[] attributes)
    {
        var record = PendingRecord.Rent();
        CustomerRecordCodec.Write(
            new CustomerRecord(time.GetUtcNow().ToUnixTimeMilliseconds(), environment.Utf8Id.Span, environment.Workspace.StoredId(customerId), attributes), record.Body);
        var stored = await journal.AppendAsync(environment.Id, record);
        record.Return();
        return stored;
    }
}
