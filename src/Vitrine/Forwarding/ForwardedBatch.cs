using Vitrine.Journal;

namespace Vitrine.Forwarding;

/// <summary>A stretch of the journal behind a bookmark, and what it holds for a target.</summary>
/// <param name="First">The first position of it.</param>
/// <param name="Last">The last position of it: where the bookmark moves when all is sent.</param>
/// <param name="Items">In the order of the journal.</param>
/// <param name="Missed">Records before it that the journal does not hold any more.</param>
internal sealed record ForwardedBatch(long First, long Last, IReadOnlyList<ForwardedItem> Items, long Missed)
{
    /// <summary>Reads behind a bookmark; null when there is nothing yet.</summary>
    public static ForwardedBatch? Read(IJournal journal, long bookmark, ItemReader reader, ForwardingOptions options)
    {
        var missed = Math.Max(0, Math.Min(journal.FirstPosition - 1, journal.Head) - bookmark);
        var (first, last, bytes, items) = (bookmark + missed + 1, bookmark + missed, 0L, new List<ForwardedItem>());
        while (last - first + 1 < options.BatchRecords && bytes < options.BatchBytes && journal.ReadAfter(last) is { } group)
        {
            var records = group.Records;
            while (last - first + 1 < options.BatchRecords && bytes < options.BatchBytes && records.MoveNextSound())
            {
                if (records.Position > last)
                {
                    var before = items.Count;
                    reader.Read(records.Position, records.Record, items);
                    for (var index = before; index < items.Count; index++)
                    {
                        bytes += items[index].Bytes;
                    }

                    last = records.Position;
                }
            }

            // Damaged records at the end of a group are passed over with it.
            last = bytes < options.BatchBytes && last - first + 1 < options.BatchRecords ? Math.Max(last, group.LastPosition) : last;
        }

        return last < first && missed == 0 ? null : new ForwardedBatch(first, last, items, missed);
    }
}
