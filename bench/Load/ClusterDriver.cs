using System.Diagnostics;
using System.Globalization;
using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Vitrine.Load;

/// <summary>What one, two and three nodes take that only take events, in turn with a client of NATS that publishes messages of the same size and does nothing else.</summary>
/// <remarks>Afterwards a node that projects joins, and every acknowledged event is looked for.</remarks>
internal static class ClusterDriver
{
    private const int MostNodes = 3;
    private const int MessagesAtOnce = 4; // As many as a node has on their way for one environment.
    private const string Journal = "vitrine-journal";

    /// <summary>Measures round by round and answers the figures as Markdown.</summary>
    public static async Task<string> RunAsync(Scenario scenario, LoadOptions options)
    {
        var folder = Path.Combine(options.Data, scenario.Name);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Title} | requests/s | events/s | messages/s of bytes | a client alone, messages/s | ratio | processor time an event: nodes, NATS | p50 / p99 |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        await using var cluster = await ClusterProcesses.StartAsync(folder, options);
        var acknowledged = 0L;
        await using var connection = new NatsConnection(new NatsOpts { Url = cluster.Servers });
        var context = new NatsJSContext(connection);
        for (var nodes = 1; nodes <= MostNodes; nodes++)
        {
            await cluster.StartNodeAsync("ingest");
            acknowledged += (await LoadAsync(cluster, scenario, options, options.WarmUpSeconds)).Sum(static run => run.Requests);
            var rounds = new List<Figures>();
            for (var round = 1; round <= options.Rounds; round++)
            {
                rounds.Add(await MeasureAsync(cluster, context, scenario, options));
                acknowledged += rounds[^1].Requests;
                await Console.Error.WriteLineAsync(FormattableString.Invariant($"{nodes} nodes, {round}/{options.Rounds}: {rounds[^1].RequestRate:N0} requests/s, {rounds[^1].MessageRate:N0} of {rounds[^1].ClientRate:N0} messages/s, ratio {rounds[^1].Ratio:N2}"));
            }

            text.AppendLine(Line(nodes, scenario, rounds));
        }

        text.AppendLine();
        text.AppendLine(await ProjectAsync(cluster, acknowledged * scenario.Events));
        return text.ToString();
    }

    private static async Task<Figures> MeasureAsync(ClusterProcesses cluster, NatsJSContext context, Scenario scenario, LoadOptions options)
    {
        var before = await StateAsync(context);
        var (nodes, brokers) = (cluster.NodesProcessor, cluster.BrokersProcessor);
        var runs = await LoadAsync(cluster, scenario, options, options.Seconds);
        (nodes, brokers) = (cluster.NodesProcessor - nodes, cluster.BrokersProcessor - brokers);
        var after = await StateAsync(context);
        if (runs.Sum(static run => run.Refused + run.Broken) is > 0 and var wrong)
        {
            throw new LoadException($"{wrong} answers were not 2xx, or broke off.");
        }

        var messages = after.Messages - before.Messages;
        var bytes = (int)((after.Bytes - before.Bytes) / messages);
        var elapsed = runs.Max(static run => run.Elapsed);
        var requests = runs.Sum(static run => run.Requests);
        return new Figures(
            requests,
            requests / elapsed.TotalSeconds,
            messages / elapsed.TotalSeconds,
            bytes,
            await PublishAsync(context, bytes, cluster.Addresses.Count * MessagesAtOnce, options.Seconds),
            nodes.TotalMicroseconds / (requests * scenario.Events),
            brokers.TotalMicroseconds / (requests * scenario.Events),
            FetchDriver.Median(runs.Select(static run => run.Latencies.Measured(50).TotalMilliseconds)),
            runs.Max(static run => run.Latencies.Measured(99).TotalMilliseconds));
    }

    private static async Task<Wrk[]> LoadAsync(ClusterProcesses cluster, Scenario scenario, LoadOptions options, int seconds)
    {
        var authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LoadedServer.Workspace}:{cluster.Key}"));
        return await Task.WhenAll(cluster.Addresses.Select(address => Wrk.RunAsync(
            new Uri(address, "/v1/experiences/events"), scenario with { Connections = scenario.Connections / cluster.Addresses.Count }, options.Threads, seconds, LoadedServer.Workspace, authorization)));
    }

    /// <summary>Messages a second that a client publishes to a stream like the journal's.</summary>
    private static async Task<double> PublishAsync(NatsJSContext context, int bytes, int atOnce, int seconds)
    {
        await context.CreateStreamAsync(new StreamConfig("LOAD", ["load"]) { NumReplicas = ClusterProcesses.Brokers, Storage = StreamConfigStorage.File, DuplicateWindow = TimeSpan.FromMinutes(2), Discard = StreamConfigDiscard.New });
        var (message, started, published) = (new byte[bytes], Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                (await context.PublishAsync("load", message, opts: new NatsJSPubOpts { MsgId = Guid.NewGuid().ToString(), ExpectedStream = "LOAD" })).EnsureSuccess();
                Interlocked.Increment(ref published);
            }
        })));
        var rate = published / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await context.DeleteStreamAsync("LOAD");
        return rate;
    }

    /// <summary>Lets a node join that projects, and says how fast it does and whether it has all.</summary>
    private static async Task<string> ProjectAsync(ClusterProcesses cluster, long acknowledged)
    {
        await cluster.StopNodesAsync();
        var started = Stopwatch.GetTimestamp();
        await cluster.StartNodeAsync("project,dashboard");
        using var client = new HttpClient { BaseAddress = cluster.Addresses[0] };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LoadedServer.Workspace}:{cluster.Key}")));
        var (projected, last) = (0L, -1L);
        while (projected != last || projected < acknowledged)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            (last, projected) = (projected, Metric(await client.GetStringAsync("/metrics"), "vitrine_projection_events_total"));
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(5))
            {
                throw new LoadException($"{acknowledged} events were acknowledged, {projected} are projected.");
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return string.Create(CultureInfo.InvariantCulture, $"{acknowledged:N0} events were acknowledged; a node that was added projected {projected:N0} in {elapsed.TotalSeconds:N0} s, its start included ({projected / elapsed.TotalSeconds:N0} events/s, {cluster.NodesProcessor.TotalMicroseconds / projected:N1} µs of a processor each).");
    }

    private static long Metric(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
        .Sum(static line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static async Task<StreamState> StateAsync(NatsJSContext context) => (await context.GetStreamAsync(Journal)).Info.State;

    private static string Line(int nodes, Scenario scenario, List<Figures> rounds)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {nodes} {(nodes == 1 ? "node" : "nodes")} | {Median(static one => one.RequestRate):N0} | {Median(one => one.RequestRate * scenario.Events):N0} | {Median(static one => one.MessageRate):N0} of {Median(static one => one.Bytes):N0} | {Median(static one => one.ClientRate):N0} | {Median(static one => one.Ratio):N2} ({rounds.Min(static one => one.Ratio):N2}–{rounds.Max(static one => one.Ratio):N2}) | {Median(static one => one.NodeMicroseconds):N1}, {Median(static one => one.BrokerMicroseconds):N1} µs | {Median(static one => one.Middle):N1} / {Median(static one => one.Late):N1} ms |");

        double Median(Func<Figures, double> figure) => FetchDriver.Median(rounds.Select(figure));
    }

    /// <summary>Of one round.</summary>
    private sealed record Figures(
        long Requests, double RequestRate, double MessageRate, int Bytes, double ClientRate, double NodeMicroseconds, double BrokerMicroseconds, double Middle, double Late)
    {
        /// <summary>What the nodes published, as a part of what a client can.</summary>
        public double Ratio => MessageRate / ClientRate;
    }
}
