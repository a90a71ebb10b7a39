using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Privacy;

/// <summary>Does erasures again whose customers are known by hash only: where older data were restored, or a file was built anew in the middle of one.</summary>
internal sealed partial class RestoredErasures(
    ErasureRequests requests, ErasureList list, IJournal journal, ProjectionReader reader, TimeProvider time, ILogger<RestoredErasures> logger)
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
            var search = new ErasureSearch(environment.Key, [.. environment]);
            if (await reader.MaintainAsync((connection, cancelled) => Look(connection, environment.Key, search, cancelled), stop))
            {
                await Task.Factory.StartNew(() => search.LookInto(journal, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            foreach (var erasure in environment)
            {
                var customers = search.FoundOf(erasure.Id);
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

    /// <summary>Looks at the customers of the tables; answers whether these forget customers, so that some may stand in the journal only.</summary>
    private static bool Look(DuckDBConnection connection, string environmentId, ErasureSearch search, CancellationToken stop)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT customer_id FROM customers JOIN environments USING (environment) WHERE id = $environment";
        command.Parameters.Add(new DuckDBParameter("environment", environmentId));
        command.UseStreamingMode = true;
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                stop.ThrowIfCancellationRequested();
                search.LookAt(rows.GetString(0));
            }
        }

        using var forgetting = connection.CreateCommand();
        forgetting.CommandText = "SELECT EXISTS (FROM retentions JOIN environments USING (environment) WHERE id = $environment)";
        forgetting.Parameters.Add(new DuckDBParameter("environment", environmentId));
        return forgetting.ExecuteScalar() is true;
    }

    [LoggerMessage(LogLevel.Information, "An erasure of {EnvironmentId} that was asked for at {ReceivedAt} is done again: {Customers} customers were found")]
    private partial void Found(string environmentId, DateTimeOffset receivedAt, int customers);
}
