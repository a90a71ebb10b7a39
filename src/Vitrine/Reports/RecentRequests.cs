using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>A request that came in lately, and what its events say.</summary>
/// <param name="Receipt">What became of it.</param>
/// <param name="Contents">What the events that were not refused say, by their paths.</param>
public sealed record RecentRequest(RequestReceipt Receipt, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> Contents);

/// <summary>Reads what comes in, as it comes in.</summary>
internal static class RecentRequests
{
    /// <summary>The requests of an environment behind a position, in their order.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="journal">Where they lie.</param>
    /// <param name="environmentId">Whose they are.</param>
    /// <param name="after">The position behind which they lie; afterwards the last one that was looked at.</param>
    /// <param name="most">How many records are looked at: of more that came meanwhile the first are passed over.</param>
    /// <returns>The requests, and how many records were passed over.</returns>
    public static (IReadOnlyList<RecentRequest> Requests, long Passed) Read(
        DuckDBConnection connection, IJournal journal, string environmentId, ref long after, int most)
    {
        var head = journal.Head;
        var first = Math.Max(after, Math.Max(head - most, journal.FirstPosition - 1));
        var passed = after < 0 ? 0 : first - after;
        var requests = new List<RecentRequest>();
        while (first < head && journal.ReadAfter(first) is { } group)
        {
            var records = group.Records;
            while (RequestReceipts.Next(ref records))
            {
                if (records.Position > first && JournaledRequest.Read(records.Record.ToArray(), environmentId) is { } request)
                {
                    requests.Add(Of(connection, request, records.Position, environmentId));
                }
            }

            first = group.LastPosition;
        }

        after = Math.Max(first, head);
        return (requests, passed);
    }

    private static RecentRequest Of(DuckDBConnection connection, JournaledRequest request, long position, string environmentId) => new(
        RequestReceipts.Read(connection, request, position, environmentId),
        request.Events.ToDictionary(
            static one => EventPath.Of(one.Element, one.Action),
            one => request.Find(one.Element, one.Action)?.Fields ?? new Dictionary<string, string?>()));
}
