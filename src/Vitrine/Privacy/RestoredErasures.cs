using Vitrine.Journal.Records;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Privacy;

/// <summary>Does erasures again whose customers are known by hash only: where older data were restored, or a file was built anew in the middle of one.</summary>
internal sealed partial class RestoredErasures(
    ErasureRequests requests, ErasureList list, ProjectionReader reader, TimeProvider time, ILogger<RestoredErasures> logger)
{
    /// <summary>Looks for the customers of erasures, and asks for the erasure of those that are found. What has none is complete.</summary>
    public async Task ApplyAsync(IEnumerable<(string EnvironmentId, Erasure Erasure)> erasures, CancellationToken stop)
    {
        foreach (var environment in erasures.GroupBy(static one => one.EnvironmentId, static one => one.Erasure).ToList())
        {
            var found = await reader.MaintainAsync((connection, cancelled) => Find(connection, environment.Key, [.. environment], cancelled), stop);
            foreach (var erasure in environment)
            {
                var customers = found.GetValueOrDefault(erasure.Id, []);
                Done(environment.Key, erasure.ReceivedAt, customers.Count);
                if (customers.Count == 0)
                {
                    list.Write(environment.Key, "erased", erasure with { CompletedAt = time.GetUtcNow() });
                    continue;
                }

                var before = erasure.ReceivedAt.ToUnixTimeMilliseconds();
                var stored = await requests.AppendAsync(new ErasureRecord(
                    time.GetUtcNow().ToUnixTimeMilliseconds(), environment.Key, erasure.Id, erasure.By, before, customers));
                if (stored.Outcome == AppendOutcome.Durable)
                {
                    list.Write(environment.Key, "erase", erasure with { Position = stored.Position, RequestId = RequestId.Of(stored.Position) });
                }
            }
        }
    }

    /// <summary>The customers of an environment whose hashes an erasure has, by its id.</summary>
    private static Dictionary<string, List<string>> Find(
        DuckDB.NET.Data.DuckDBConnection connection, string environmentId, List<Erasure> erasures, CancellationToken stop)
    {
        var wanted = erasures.SelectMany(static one => one.Hashes.Select(hash => (one.Key, Hash: hash, one.Id))).ToLookup(static one => (one.Key, one.Hash), static one => one.Id);
        var keys = erasures.Select(static one => one.Key).Distinct(StringComparer.Ordinal).ToList();
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT customer_id FROM customers JOIN environments USING (environment) WHERE id = $environment";
        command.Parameters.Add(new DuckDB.NET.Data.DuckDBParameter("environment", environmentId));
        command.UseStreamingMode = true;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            var customer = rows.GetString(0);
            foreach (var id in keys.SelectMany(key => wanted[(key, Erasure.HashOf(key, environmentId, customer))]))
            {
                if (!found.TryGetValue(id, out var customers))
                {
                    found.Add(id, customers = []);
                }

                customers.Add(customer);
            }
        }

        return found;
    }

    [LoggerMessage(LogLevel.Information, "An erasure of {EnvironmentId} that was asked for at {ReceivedAt} is done again: {Customers} customers were found")]
    private partial void Done(string environmentId, DateTimeOffset receivedAt, int customers);
}
