using Vitrine.Journal.Records;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Privacy;

/// <summary>Does erasures again whose customers are known by hash only: where older data were restored, or a file was built anew in the middle of one.</summary>
internal sealed partial class RestoredErasures(
    ErasureRequests requests, ErasureList list, ProjectionReader reader, TimeProvider time, ILogger<RestoredErasures> logger)
{
    /// <summary>Customers of one record: it is projected in one transaction.</summary>
    private const int CustomersOfRecord = 1_000;

    /// <summary>
    /// Looks for the customers of erasures, and asks for the erasure of those that are found. What has none is complete.
    /// </summary>
    /// <returns>Whether anything was asked for.</returns>
    public async Task<bool> ApplyAsync(IEnumerable<(string EnvironmentId, Erasure Erasure)> erasures, CancellationToken stop)
    {
        var all = erasures.ToList();
        var asked = await AskAsync(all, stop);
        foreach (var (environmentId, erasure) in all.Where(one => !asked.Contains(one.Erasure.Id)))
        {
            list.Write(environmentId, "erased", erasure with { CompletedAt = time.GetUtcNow() });
        }

        return asked.Count > 0;
    }

    /// <summary>Looks for the customers of erasures once more; answers whether any were found, and asked for again.</summary>
    public async Task<bool> AskAgainAsync(IEnumerable<(string EnvironmentId, Erasure Erasure)> erasures, CancellationToken stop) =>
        (await AskAsync([.. erasures], stop)).Count > 0;

    private async Task<HashSet<string>> AskAsync(List<(string EnvironmentId, Erasure Erasure)> erasures, CancellationToken stop)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var environment in erasures.GroupBy(static one => one.EnvironmentId, static one => one.Erasure))
        {
            var found = await reader.MaintainAsync((connection, cancelled) => Find(connection, environment.Key, [.. environment], cancelled), stop);
            foreach (var erasure in environment)
            {
                var customers = found.GetValueOrDefault(erasure.Id, []);
                Found(environment.Key, erasure.ReceivedAt, customers.Count);
                foreach (var some in customers.Chunk(CustomersOfRecord))
                {
                    var stored = await requests.AppendAsync(new ErasureRecord(
                        time.GetUtcNow().ToUnixTimeMilliseconds(), environment.Key, erasure.Id, erasure.By, erasure.ReceivedAt.ToUnixTimeMilliseconds(), some));
                    if (stored.Outcome != AppendOutcome.Durable)
                    {
                        throw new IOException("The journal cannot be written; what was restored is erased later.");
                    }

                    asked.Add(erasure.Id);
                }
            }
        }

        return asked;
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
    private partial void Found(string environmentId, DateTimeOffset receivedAt, int customers);
}
