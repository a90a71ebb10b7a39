using System.Diagnostics;
using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Vitrine.Forwarding;

namespace Vitrine.Load;

/// <summary>Forwards a journal full of events to a webhook and to NATS, in turn with a client that sends the same and does nothing else.</summary>
internal static class ForwardDriver
{
    private const int Lanes = 4;
    private const int MessagesAtOnce = 256;
    private const string Subject = "load";

    /// <summary>Measures round by round and answers the figures as Markdown.</summary>
    public static async Task<string> RunAsync(Scenario scenario, LoadOptions options)
    {
        var folder = Path.Combine(options.Data, scenario.Name);
        long events;
        await using (var server = await LoadedServer.StartAsync(folder))
        {
            await server.LoadEventsAsync(scenario, options, options.Seconds);
            events = await server.CountAsync("vitrine_events_accepted_total");
        }

        await using var sink = await Sink.StartAsync();
        await using var nats = await NatsProcess.StartAsync(Path.Combine(options.Data, "nats"));
        var (webhook, stream) = (new List<(double Forwarded, double Sent)>(), new List<(double Forwarded, double Sent)>());
        for (var index = 1; index <= options.Rounds; index++)
        {
            webhook.Add((
                await ForwardAsync(folder, events, new WebhookTarget { Name = $"webhook{index}", Environment = LoadedServer.Workspace, Url = sink.Address, Secret = new string('s', 32), FromBeginning = true, Lanes = Lanes }),
                await sink.PostAsync(Lanes, options.Seconds)));
            await using var connection = new NatsConnection(new NatsOpts { Url = nats.Url });
            var context = new NatsJSContext(connection);
            await context.CreateStreamAsync(new StreamConfig("LOAD", [Subject]) { MaxMsgsPerSubject = -1, DuplicateWindow = TimeSpan.FromMinutes(2) });
            var forwarded = await ForwardAsync(folder, events, new NatsTarget { Name = $"nats{index}", Environment = LoadedServer.Workspace, Url = nats.Url, Subject = Subject, FromBeginning = true, Lanes = Lanes });
            stream.Add((forwarded, await PublishAsync(context, sink.EventBytes, options.Seconds)));
            await context.DeleteStreamAsync("LOAD");
            await Console.Error.WriteLineAsync(FormattableString.Invariant(
                $"{scenario.Name} {index}/{options.Rounds}: webhook {webhook[^1].Forwarded:N0} of {webhook[^1].Sent:N0} events/s, NATS {stream[^1].Forwarded:N0} of {stream[^1].Sent:N0}"));
        }

        Directory.Delete(folder, recursive: true);
        return string.Join(
            Environment.NewLine,
            string.Create(CultureInfo.InvariantCulture, $"| {events:N0} events of {scenario.Title}, {Lanes} lanes | forwarded events/s | the same sent by a client that does nothing else | ratio |"),
            "|---|--:|--:|--:|",
            Line("webhook", webhook),
            Line("NATS JetStream", stream));
    }

    private static string Line(string target, List<(double Forwarded, double Sent)> rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {target} | {FetchDriver.Median(rounds.Select(static one => one.Forwarded)):N0} | {FetchDriver.Median(rounds.Select(static one => one.Sent)):N0} | {FetchDriver.Median(rounds.Select(static one => one.Forwarded / one.Sent)):N2} |");

    /// <summary>Events a second, from the start of the server until the target has all.</summary>
    private static async Task<double> ForwardAsync(string folder, long events, ForwardTarget target)
    {
        await using var server = await LoadedServer.StartAsync(folder, targets: target);
        var started = Stopwatch.GetTimestamp();
        while (await server.CountAsync("vitrine_forwarding_sent_total") < events)
        {
            await Task.Delay(20);
        }

        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Messages a second that a client publishes, as many on their way at once as the lanes of a target have.</summary>
    private static async Task<double> PublishAsync(NatsJSContext context, int bytes, int seconds)
    {
        var (message, started, published) = (new byte[bytes], Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Lanes * MessagesAtOnce).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                (await context.PublishAsync(Subject, message, opts: new NatsJSPubOpts { MsgId = Guid.NewGuid().ToString() })).EnsureSuccess();
                Interlocked.Increment(ref published);
            }
        })));
        return published / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
