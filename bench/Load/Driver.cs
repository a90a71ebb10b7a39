using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Projection;

namespace Vitrine.Load;

/// <summary>Runs one scenario on a fresh server.</summary>
internal static class Driver
{
    /// <summary>Warms up, measures round by round, stops the server and counts what it kept.</summary>
    public static async Task<Result> RunAsync(Scenario scenario, LoadOptions options)
    {
        var folder = Path.Combine(options.Data, scenario.Name);
        long acknowledged = 0, accepted, uuidBytes, heap;
        var rounds = new List<Round>();
        await using (var server = await LoadedServer.StartAsync(folder))
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await server.LoadNoOpAsync(scenario, options, options.WarmUpSeconds);
            acknowledged += (await server.LoadEventsAsync(scenario, options, options.WarmUpSeconds)).Wrk.Requests;
            for (var index = 1; index <= options.Rounds; index++)
            {
                var noOp = await server.LoadNoOpAsync(scenario, options, options.Seconds);
                var round = new Round(noOp, await server.LoadEventsAsync(scenario, options, options.Seconds));
                rounds.Add(round);
                acknowledged += round.Events.Wrk.Requests;
                await Console.Error.WriteLineAsync(FormattableString.Invariant(
                    $"{scenario.Name} {index}/{options.Rounds}: no-op {round.NoOp.Wrk.Rate:N0}/s ({round.NoOp.ProcessorMicroseconds:N1} µs), events {round.Events.Wrk.Rate:N0}/s ({round.Events.ProcessorMicroseconds:N1} µs, {round.Events.AllocatedBytes:N0} bytes), ratio {round.Events.Wrk.Rate / round.NoOp.Wrk.Rate:N2}, settled after {round.Events.Settling.TotalSeconds:N2} s"));
            }

            accepted = await server.CountAsync("vitrine_events_accepted_total");
            uuidBytes = await server.CountAsync("vitrine_projection_uuid_bytes");
            heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        }

        var (stored, distinct, duplicates) = Count(ProjectionPaths.In(folder).File);
        var result = new Result(scenario, rounds, new Remains(
            acknowledged * scenario.Events,
            accepted,
            stored,
            distinct,
            duplicates,
            uuidBytes,
            heap,
            Length(DataDirectory.JournalIn(folder)),
            Length(ProjectionPaths.In(folder).File)));
        Directory.Delete(folder, recursive: true);
        return result;
    }

    private static (long Stored, long Distinct, long Duplicates) Count(string file)
    {
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CHECKPOINT; SELECT count(*), count(DISTINCT uuid), (SELECT count(*) FROM duplicates) FROM events";
        using var reader = command.ExecuteReader();
        do
        {
            if (reader.FieldCount == 3 && reader.Read())
            {
                return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            }
        }
        while (reader.NextResult());
        throw new LoadException("The projection could not be counted.");
    }

    private static long Length(string file) => new FileInfo(file).Length;
}
