using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>A request that came in lately, and what its events say.</summary>
/// <param name="Receipt">What became of it.</param>
/// <param name="Contents">What the events that were not refused say, by their paths.</param>
public sealed record RecentRequest(RequestReceipt Receipt, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> Contents);

/// <summary>Reads what comes in, as it comes in.</summary>
internal static class RecentRequests
{
    /// <summary>Records that are looked at, whosever they are: some tens of milliseconds' work.</summary>
    private const int RecordsAtOnce = 5_000;

    /// <summary>
    /// The requests of an environment behind a position, in their order, up to where the projection is: of each is known what
    /// became of it.
    /// </summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="journal">Where they lie.</param>
    /// <param name="environmentId">Whose they are.</param>
    /// <param name="after">The position behind which they lie, -1 for the last ones; afterwards the last one that was looked at.</param>
    /// <param name="most">How many are answered: of more the last.</param>
    /// <returns>The requests; how many events came in all since the position; and how many requests were passed over of those that were looked at.</returns>
    public static (IReadOnlyList<RecentRequest> Requests, long Events, long Passed) Read(
        DuckDBConnection connection, IJournal journal, string environmentId, ref long after, int most)
    {
        var last = ProjectionFile.Position(connection);
        var first = Math.Max(after, Math.Max(last - RecordsAtOnce, journal.FirstPosition - 1));
        var events = after < 0 ? 0 : CountEvents(connection, environmentId, after);
        var requests = new Queue<(JournaledRequest Request, long Position)>();
        var passed = 0L;
        while (first < last && journal.ReadAfter(first) is { } group)
        {
            var records = group.Records;
            while (records.MoveNextSound())
            {
                if (records.Position > first && records.Position <= last && JournaledRequest.Read(records.Record.ToArray(), environmentId) is { } request)
                {
                    requests.Enqueue((request, records.Position));
                    if (requests.Count > most)
                    {
                        requests.Dequeue();
                        passed += after < 0 ? 0 : 1;
                    }
                }
            }

            first = group.LastPosition;
        }

        after = last;
        var lastRemoval = ReportSql.LastRemoval(connection, ReportSql.EnvironmentNumber(connection, environmentId));
        return ([.. requests.Select(one => Of(connection, one.Request, one.Position, environmentId, lastRemoval))], events, passed);
    }

    private static long CountEvents(DuckDBConnection connection, string environmentId, long after)
    {
        using var command = ReportSql.Command(
            connection,
            """
            SELECT (SELECT count(*) FROM events WHERE environment = $environment AND position > $after)
              + (SELECT count(*) FROM goal_events WHERE environment = $environment AND position > $after)
              + (SELECT count(*) FROM duplicates WHERE environment = $environment AND position > $after)
              + (SELECT count(*) FROM rejections WHERE environment = $environment AND position > $after)
              + (SELECT count(*) FROM erased_events WHERE environment = $environment AND position > $after)
              + (SELECT count(*) FROM rolled_events WHERE environment = $environment AND position > $after)
            """,
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("after", after));
        return (long)command.ExecuteScalar()!;
    }

    private static RecentRequest Of(DuckDBConnection connection, JournaledRequest request, long position, string environmentId, long lastRemoval)
    {
        var mayBeGone = position < lastRemoval; // It may still name who was erased since: its file waits to be rewritten.
        var contents = new Dictionary<string, IReadOnlyDictionary<string, string?>>(StringComparer.Ordinal);
        foreach (var (element, action, _) in request.Events)
        {
            var fields = request.Find(element, action)?.Fields;
            var isKnown = fields is not null && (!mayBeGone || IsCustomer(connection, environmentId, fields.GetValueOrDefault("customer_id")));
            contents[EventPath.Of(element, action)] = isKnown ? fields! : new Dictionary<string, string?>();
        }

        return new RecentRequest(RequestReceipts.Read(connection, request, position, environmentId), contents);
    }

    private static bool IsCustomer(DuckDBConnection connection, string environmentId, string? customerId)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT count(*) FROM customers WHERE environment = $environment AND customer_id = $customer",
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("customer", customerId ?? ""));
        return (long)command.ExecuteScalar()! > 0;
    }
}
