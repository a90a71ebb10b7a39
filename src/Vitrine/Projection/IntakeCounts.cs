using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <summary>
/// Counts, over one batch, the requests and events that came through the door, by environment, minute and refusal.
/// Counted from what each record says it received, apart from the rows that its events became, so that the ledger
/// compares two independent sums.
/// </summary>
internal sealed class IntakeCounts
{
    private readonly Dictionary<(int Environment, long Minute, RejectionReason Refusal), (long Requests, long Events)> _counts = [];

    /// <summary>Counts a request.</summary>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="receivedAt">Unix milliseconds.</param>
    /// <param name="refusal">Why it was refused.</param>
    /// <param name="events">How many events it held.</param>
    public void Add(int environment, long receivedAt, RejectionReason refusal, int events)
    {
        var key = (environment, receivedAt / 60_000, refusal);
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        count = (count.Requests + 1, count.Events + events);
    }

    /// <summary>Appends the counts as rows and starts anew.</summary>
    public void Flush(ChunkAppender rows)
    {
        foreach (var ((environment, minute, refusal), (requests, events)) in _counts)
        {
            rows.Set(0, environment);
            rows.Set(1, minute);
            rows.Set(2, (byte)refusal);
            rows.Set(3, requests);
            rows.Set(4, events);
            rows.EndRow();
        }

        _counts.Clear();
    }
}
