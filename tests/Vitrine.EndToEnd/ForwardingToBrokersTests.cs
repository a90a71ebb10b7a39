using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd;

/// <summary>NATS is a real server with JetStream; Kafka is the cluster that librdkafka makes for tests, within this process.</summary>
public sealed class ForwardingToBrokersTests
{
    /// <summary>What is as large as the server takes by itself is too large with its headers.</summary>
    [Fact]
    public async Task Nats_holds_nobody_up_with_what_it_cannot_take_and_tells_environments_apart()
    {
        var executable = NatsProgram.FindOrSkip();
        using var folder = new TemporaryFolder();
        var settings = folder.Write("nats.conf", $"max_payload: 4096\njetstream {{ store_dir: \"{folder["jetstream"]}\" }}\n");
        await using var nats = new ChildProcess(executable, ["-c", settings, "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder.Path], new Dictionary<string, string>());
        var url = await NatsUrlAsync(folder.Path, nats);
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var stream = await new NatsJSContext(connection).CreateStreamAsync(new StreamConfig("EVENTS", ["events.>"]));
        var setup = Forwarding.Setup(
            folder,
            folder["data"],
            $$"""{"kind":"nats","name":"live","environment":"SHOP","url":"{{url}}","subject":"events.live","from":"beginning"}""",
            $$"""{"kind":"nats","name":"test","environment":"SHOP_DEBUG","url":"{{url}}","subject":"events.test","from":"beginning"}""");
        await using var server = await ServerProcess.StartAsync(setup);
        using var client = server.Client();
        using var test = server.Client(ServerSetup.Workspace + "_DEBUG");
        var uuid = Guid.NewGuid();
        foreach (var one in new[] { client, test })
        {
            (await one.PostAsync(Bodies.Of(uuid))).Status.ShouldBe(200);
        }

        foreach (var length in Enumerable.Range(0, 30).Select(static step => 3_000 + (step * 40)))
        {
            var attributes = string.Join(',', Enumerable.Range(0, 10).Select(part => $"\"a{part}\":\"{new string('x', length / 10)}\""));
            (await client.PostGoalsAsync($$$"""{"type":"event","customer_id":"ada","actions":[{"action":"Order Placed","event_id":"{{{length}}}","attributes":{ {{{attributes}}} }}]}""")).Status.ShouldBe(200);
        }

        await Forwarding.ForwardedAsync(client, "live");
        await Forwarding.ForwardedAsync(test, "test");
        await stream.RefreshAsync();
        var aside = (await client.GetAsync("/api/v1/forwarding/live/aside")).Json.GetProperty("total").GetInt64();
        aside.ShouldBeInRange(1, 29);
        stream.Info.State.Messages.ShouldBe(2 + 30 - aside);
    }

    [Fact]
    public async Task Nats_has_every_event_in_its_stream_once_and_in_order_after_kills()
    {
        var executable = NatsProgram.FindOrSkip();
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        await using var nats = new ChildProcess(executable, ["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder.Path, "-js", "-sd", folder["jetstream"]], new Dictionary<string, string>());
        var url = await NatsUrlAsync(folder.Path, nats);
        var setup = Forwarding.Setup(folder, folder["data"], $$"""{"name":"nats","kind":"nats","url":"{{url}}","subject":"events.{environment}.{action}","from":"beginning"}""");
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var stream = new NatsJSContext(connection);
        var load = new Load(random) { LargestBatch = 20 };
        for (var kill = 0; kill < (Build.Long ? 20 : 2); kill++)
        {
            await using var server = await ServerProcess.StartAsync(setup);
            var posting = load.RunAsync(server, 2, () => server.Process.HasExited);
            if (kill == 0)
            {
                using var asking = server.Client();
                await Forwarding.UntilAsync(asking, "nats", "says that there is no stream", static target =>
                    target.GetProperty("last_error") is { ValueKind: JsonValueKind.Object } error && error.GetProperty("reason").GetString()!.StartsWith("no stream of JetStream takes the subject", StringComparison.Ordinal));
                await stream.CreateStreamAsync(new StreamConfig("EVENTS", ["events.>"]) { DuplicateWindow = TimeSpan.FromMinutes(10) });
            }

            await Task.Delay(random.Between(100, 700), TestContext.Current.CancellationToken);
            await server.KillAsync();
            await posting;
        }

        await using var last = await ServerProcess.StartAsync(setup);
        await load.FinishAsync(last);
        using var client = last.Client();
        await Forwarding.ForwardedAsync(client, "nats");
        var messages = new List<JsonElement>();
        var consumer = await stream.CreateOrUpdateConsumerAsync("EVENTS", new NATS.Client.JetStream.Models.ConsumerConfig { DeliverPolicy = ConsumerConfigDeliverPolicy.All, AckPolicy = ConsumerConfigAckPolicy.None });
        await foreach (var message in consumer.FetchNoWaitAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = 100_000 }))
        {
            messages.Add(JsonDocument.Parse(message.Data!).RootElement);
            message.Subject.ShouldStartWith($"events.{ServerSetup.Workspace}.");
        }

        await ShouldBeAllAsync(client, messages, isOnce: true);
    }

    [Fact]
    public async Task Kafka_has_every_event_in_its_topic_and_in_order_after_kills()
    {
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        using var cluster = new ProducerBuilder<Null, Null>(new Dictionary<string, string> { ["test.mock.num.brokers"] = "3", ["bootstrap.servers"] = "none" }).SetLogHandler(static (_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(cluster.Handle).Build();
        var brokers = string.Join(',', admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers.Select(static one => $"{one.Host}:{one.Port}"));
        var setup = Forwarding.Setup(folder, folder["data"], $$"""{"name":"kafka","kind":"kafka","brokers":"{{brokers}}","topic":"events","from":"beginning","settings":{"client.id":"shop","linger.ms":0} }""");
        var load = new Load(random) { LargestBatch = 4 }; // Such a cluster keeps the last five megabytes of a partition.
        for (var kill = 0; kill < (Build.Long ? 20 : 2); kill++)
        {
            await using var server = await ServerProcess.StartAsync(setup);
            var posting = load.RunAsync(server, 2, () => server.Process.HasExited);
            await Task.Delay(random.Between(100, 900), TestContext.Current.CancellationToken);
            await server.KillAsync();
            await posting;
        }

        await using var last = await ServerProcess.StartAsync(setup);
        await load.FinishAsync(last);
        using var client = last.Client();
        await Forwarding.ForwardedAsync(client, "kafka");
        await ShouldBeAllAsync(client, Consumed(brokers, "events"), isOnce: false);
    }

    private static async Task ShouldBeAllAsync(ApiClient client, List<JsonElement> messages, bool isOnce)
    {
        var seen = new HashSet<Guid>();
        var positions = new Dictionary<string, long>();
        foreach (var one in messages)
        {
            var (customer, position) = (one.GetProperty("customer_id").GetString()!, one.GetProperty("position").GetInt64());
            if (seen.Add(one.GetProperty("moe_event_uuid").GetGuid()))
            {
                positions.GetValueOrDefault(customer).ShouldBeLessThanOrEqualTo(position, customer);
                positions[customer] = position;
            }
        }

        seen.ShouldBe(await client.UuidsAsync(), ignoreOrder: true);
        if (isOnce)
        {
            messages.Count.ShouldBe(seen.Count);
        }
    }

    private static async Task<string> NatsUrlAsync(string folder, ChildProcess nats)
    {
        string? file = null;
        await Poll.UntilAsync("nats-server listens", TimeSpan.FromSeconds(20), () =>
        {
            nats.HasExited.ShouldBeFalse(string.Join('\n', nats.Errors));
            file = Directory.EnumerateFiles(folder, "*.ports").FirstOrDefault();
            return file is not null && new FileInfo(file).Length > 0;
        });
        return JsonDocument.Parse(await File.ReadAllTextAsync(file!, Encoding.UTF8)).RootElement.GetProperty("nats")[0].GetString()!;
    }

    /// <summary>Everything in a topic, each partition in its order.</summary>
    private static List<JsonElement> Consumed(string brokers, string topic)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new Confluent.Kafka.ConsumerConfig { BootstrapServers = brokers, GroupId = "test", AutoOffsetReset = AutoOffsetReset.Earliest, EnablePartitionEof = true }).SetLogHandler(static (_, _) => { }).Build();
        consumer.Subscribe(topic);
        var (messages, ended) = (new List<JsonElement>(), new HashSet<int>());
        var partitions = int.MaxValue;
        while (ended.Count < partitions)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException("Nothing more comes, and the topic has not ended.");
            partitions = consumer.Assignment.Count;
            if (result.IsPartitionEOF)
            {
                ended.Add(result.Partition.Value);
                continue;
            }

            messages.Add(JsonDocument.Parse(result.Message.Value).RootElement);
            result.Message.Key.ShouldBe(messages[^1].GetProperty("customer_id").GetString());
        }

        return messages;
    }
}
