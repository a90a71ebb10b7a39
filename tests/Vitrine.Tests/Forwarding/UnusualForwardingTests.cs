using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Vitrine.Forwarding;
using Vitrine.Journal;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Forwarding;

/// <summary>What is kept does not fit, targets do not end, and too many wait.</summary>
public sealed class UnusualForwardingTests
{
    private const string Workspace = "SHOP";
    private const string Key = "a-key-of-the-shop-1234";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_goes_on_behind_what_is_gone_and_sends_no_other_event_of_its_place()
    {
        await using var receiver = await StubReceiver.StartAsync();
        receiver.Answer = static _ => 422;
        await using var server = await StartAsync(receiver, null);
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await Eventually.BeTrueAsync(async () => (long?)(await shop.ReadAsync("/api/v1/forwarding/hook/aside"))["total"] == 1);
        var store = server.Service<Forwarder>().Store!;
        store.SetAside("hook", store.Aside("hook", 1)[0] with { Action = 1 }); // Of the journal before a restore: nothing stands there any more.
        for (var action = 0; action < 600; action++)
        {
            store.SetAside("hook", new AsideItem(0, 0, action, Guid.NewGuid().ToString(), "impression", 422, "refused", 1));
        }

        receiver.Answer = static _ => 200;
        var first = (await shop.SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay")).Json;
        ((int)first["sent"]!, (int)first["gone"]!).ShouldBe((0, 500));
        var rest = (await shop.SendAsync(HttpMethod.Post, $"/api/v1/forwarding/hook/replay?after={first["next"]}")).Json;
        ((int)rest["sent"]!, (int)rest["gone"]!, (string?)rest["next"]).ShouldBe((1, 101, null));
        ((long?)(await shop.ReadAsync("/api/v1/forwarding/hook/aside"))["total"]).ShouldBe(0);

        store.SetAside("hook", new AsideItem(1, 0, 0, Guid.NewGuid().ToString(), "impression", 422, "of the journal before a restore", 1));
        var other = (await shop.SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay")).Json;
        ((int)other["sent"]!, (int)other["gone"]!).ShouldBe((0, 1));
        receiver.Requests.Count.ShouldBe(2, "once refused, once taken");
    }

    [Fact]
    public async Task A_target_that_becomes_another_environments_is_stopped_and_shows_nothing_of_the_one_before()
    {
        await using var receiver = await StubReceiver.StartAsync();
        receiver.Answer = static _ => 422;
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(receiver, folder.Path))
        {
            var shop = Open(server);
            server.Catalog.CreateWorkspace("OTHER", Key, NodaTime.DateTimeZone.Utc);
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            await Eventually.BeTrueAsync(async () => (long?)(await shop.ReadAsync("/api/v1/forwarding/hook/aside"))["total"] == 1);
        }

        await using (var changed = await StartAsync(receiver, folder.Path, "OTHER"))
        {
            var other = new Shop(changed, "OTHER", Key);
            (await other.GetAsync("/api/v1/forwarding/hook/aside")).Status.ShouldBe(404);
            (await other.SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay")).Status.ShouldBe(404);
            (await new Shop(changed, Workspace, Key).SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay")).Status.ShouldBe(409);
            var target = (await other.ReadAsync("/api/v1/forwarding"))["targets"]![0]!;
            ((string?)target["state"]).ShouldBe("stopped");
            ((string?)target["last_error"]!["reason"]).ShouldBe("it was a target of SHOP; give the one of OTHER another name");
            (await other.GetAsync("/metrics")).Text.ShouldContain("vitrine_forwarding_stopped{target=\"hook\"} 1");
        }

        await using var back = await StartAsync(receiver, folder.Path);
        ((long?)(await new Shop(back, Workspace, Key).ReadAsync("/api/v1/forwarding/hook/aside"))["total"]).ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_file_is_seen_in_the_figures()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["forwarding.db"], new string('x', 8192), Stop);
        await using var server = await StartAsync(receiver, folder.Path);
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var metrics = (await shop.GetAsync("/metrics")).Text;
        metrics.ShouldContain("vitrine_forwarding_stopped{target=\"hook\"} 1");
        metrics.ShouldContain("vitrine_forwarding_lag_records{target=\"hook\"} 1");
    }

    [Fact]
    public async Task A_file_that_somebody_holds_at_the_start_is_opened_later()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        new ForwardingStore(folder["forwarding.db"]).Dispose();
        TestServer server;
        await using (var holder = new SqliteConnection($"Data Source={folder["forwarding.db"]};Pooling=False"))
        {
            await holder.OpenAsync(Stop);
            await using var command = holder.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            await command.ExecuteNonQueryAsync(Stop);
            server = await StartAsync(receiver, folder.Path, beginning: true);
        }

        await using (server)
        {
            var shop = Open(server);
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            await Eventually.BeTrueAsync(() => Task.FromResult(receiver.Events.Count == 1));
        }
    }

    [Fact]
    public async Task Small_requests_that_wait_to_be_compared_are_bounded_too()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        using var store = new ForwardingStore(folder["forwarding.db"]);
        var target = new MoEngageTarget { Name = "v", Environment = Workspace, Url = receiver.Url, DataUrl = receiver.Url, Workspace = Workspace, Key = "k", DataKey = "k", Compare = true };
        await using var channel = new MoEngageChannel(target, new HttpSender(TimeSpan.FromSeconds(30), TimeProvider.System));
        var comparison = new RefusedComparison(target, channel, store, new ForwardingOptions { ComparisonBytes = 1 << 20 }, new ForwardingMetrics(Metrics.NewCustomRegistry()), TimeProvider.System, NullLogger.Instance);
        var taken = 0;
        while (comparison.Wants(2))
        {
            comparison.Offer(new RefusedRequest(RequestFamily.Events, "{}"u8.ToArray(), RequestId.Of(taken)));
            (++taken).ShouldBeLessThan(5000);
        }
    }

    [Fact]
    public async Task An_answer_counts_by_its_status_though_its_body_never_ends()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        await using var channel = new WebhookChannel(
            new WebhookTarget { Name = "h", Environment = Workspace, Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), Secret = "0123456789abcdef" },
            new HttpSender(TimeSpan.FromSeconds(30), TimeProvider.System),
            TimeProvider.System);
        (await channel.SendAsync([Items.Event("ada", 1)], Stop)).Verdict.ShouldBe(Verdict.Delivered);
        listener.Stop();
        using var client = await serving;

        static async Task<TcpClient> ServeAsync(TcpListener listener)
        {
            var client = await listener.AcceptTcpClientAsync(Stop);
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[65536], Stop);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"), Stop);
            return client;
        }
    }

    [Fact]
    public async Task A_send_to_a_silent_broker_ends_also_when_its_producer_is_disposed_of()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var channel = new KafkaChannel(new KafkaTarget { Name = "k", Environment = Workspace, Brokers = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", Topic = "t" }, TimeSpan.FromSeconds(2));
        var sending = channel.SendAsync([Items.Event("ada", 1)], CancellationToken.None);
        await Task.Run(async () => await channel.DisposeAsync(), Stop);
        (await sending.WaitAsync(TimeSpan.FromSeconds(30), Stop)).Verdict.ShouldBe(Verdict.Failed);
    }

    [Theory]
    [InlineData("""{"targets":[{"name":"a","name":"b"}]}""", "a field stands there twice")]
    [InlineData("""{"targets":[{"kind":"moengage","name":"v","environment":"SHOP","url":"http://x","key":"k","workspace":"a/../b"}]}""", "workspace is 1–64 letters")]
    [InlineData("""{"targets":[{"kind":"nats","name":"v","environment":"SHOP","url":"nats://x","subject":"a","token":"t","user":"u","password":"p"}]}""", "token is one of three ways to sign in")]
    [InlineData("""{"targets":[{"kind":"kafka","name":"v","environment":"SHOP","brokers":"x:1","topic":"a","settings":{"partitioner":"random"}}]}""", "settings.partitioner is what Vitrine sets itself")]
    [InlineData("""{"targets":[{"kind":"kafka","name":"v","environment":"SHOP","brokers":"x:1","topic":"a","settings":{"dotnet.producer.enable.delivery.reports":"false"}}]}""", "is what Vitrine sets itself")]
    public void What_would_break_a_promise_is_refused_at_the_start(string file, string message) =>
        Should.Throw<InvalidDataException>(() => ForwardingFile.Parse("f.json", Encoding.UTF8.GetBytes(file), static _ => null)).Message.ShouldContain(message);

    private static Task<TestServer> StartAsync(StubReceiver receiver, string? folder, string environment = Workspace, bool beginning = false) => TestServer.StartAsync(folder, options => options with
    {
        Forwarding = new ForwardingOptions
        {
            ShortestPause = TimeSpan.FromMilliseconds(10),
            LongestPause = TimeSpan.FromMilliseconds(100),
            Targets = [new WebhookTarget { Name = "hook", Environment = environment, Url = receiver.Url, Secret = "0123456789abcdef", FromBeginning = beginning }],
        },
    });

    private static Shop Open(TestServer server)
    {
        server.Catalog.CreateWorkspace(Workspace, Key, NodaTime.DateTimeZone.Utc);
        return new Shop(server, Workspace, Key);
    }
}
