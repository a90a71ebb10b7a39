using System.Text.Json.Nodes;
using Vitrine.Forwarding;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Forwarding;

/// <summary>What a server forwards, and what it says of that.</summary>
public sealed class ForwardingTests
{
    private const string Workspace = "SHOP";

    [Fact]
    public async Task A_repetition_is_left_out_and_its_attributes_are_set_once()
    {
        await using var receiver = await StubReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        var shop = Open(server);
        var body = Bodies.Of(Bodies.Element(Bodies.Action(), Bodies.Action()), Bodies.Element(Bodies.Action(attributes: static one => one["note"] = "ü \"quoted\"")));
        body["elements"]![0]!["user_attributes"] = new JsonObject { ["plan"] = "gold" };
        body["elements"]![0]!["user_timezone_offset"] = 3600;
        (await shop.PostAsync(body)).ShouldBeAccepted();
        (await shop.PostAsync(body)).ShouldBeAccepted();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await ForwardedAsync(shop);

        receiver.Events.Count.ShouldBe(4);
        receiver.Events.Count(static one => one["user_attributes"] is not null).ShouldBe(1);
        var first = receiver.Events.Single(static one => one["user_attributes"] is not null);
        ((string?)first["moe_event_uuid"]).ShouldBe((string?)body["elements"]![0]!["actions"]![0]!["moe_event_uuid"]);
        ((int?)first["user_timezone_offset"], (string?)first["environment"], (string?)first["kind"], (long?)first["event_time"]).ShouldBe((3600, Workspace, "impression", Clock.Now - 60));
        receiver.Events.Select(static one => (string?)one["attributes"]!["note"]).ShouldContain("ü \"quoted\"");
    }

    [Fact]
    public async Task What_is_erased_before_it_is_sent_is_not_sent()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        await using (var before = await TestServer.StartAsync(folder.Path))
        {
            var shop = Open(before);
            await Erasing.ErasedAsync(shop, await Erasing.EraseAsync(shop, "somebody-else")); // So that the files of the next one wait.
            foreach (var customer in new[] { Erasing.Gone, Erasing.Stays })
            {
                (await shop.PostAsync(Bodies.One(element => element["customer_id"] = customer))).ShouldBeAccepted();
                (await shop.PostGoalsAsync(customer, new JsonObject { ["action"] = "Order Placed" })).Status.ShouldBe(200);
            }

            await Erasing.EraseAsync(shop, Erasing.Gone);
            await before.ProjectedAsync();
        }

        await using var server = await StartAsync(receiver, folder.Path, beginning: true);
        await ForwardedAsync(new Shop(server, Workspace, Key));
        receiver.Events.Select(static one => (string?)one["customer_id"]).ShouldBe([Erasing.Stays, Erasing.Stays]);
    }

    [Fact]
    public async Task An_event_without_a_uuid_has_the_same_made_one_each_time_it_is_sent()
    {
        await using var receiver = await StubReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        var shop = Open(server);
        var failures = 0;
        receiver.Answer = _ => failures++ == 0 ? 503 : 200;
        (await shop.PostGoalsAsync("ada", new JsonObject { ["action"] = "Order Placed" }, new JsonObject { ["action"] = "Order Placed" })).Status.ShouldBe(200);
        await ForwardedAsync(shop);
        receiver.Requests.Count.ShouldBe(2);
        receiver.Requests.Select(static one => string.Join(' ', one.Events.Select(static item => (string?)item["moe_event_uuid"]))).Distinct().ShouldHaveSingleItem().Split(' ').Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Only_who_asks_for_its_own_environment_is_told_of_a_target()
    {
        await using var receiver = await StubReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        var (shop, other) = (Open(server), server.OpenShop());
        await ForwardedAsync(shop);
        foreach (var stranger in new[] { other, shop.Debug })
        {
            (await stranger.ReadAsync("/api/v1/forwarding"))["targets"]!.AsArray().ShouldBeEmpty();
            (await stranger.GetAsync("/api/v1/forwarding/hook/aside")).Status.ShouldBe(404);
            (await stranger.GetAsync("/api/v1/forwarding/hook/parity")).Status.ShouldBe(404);
            (await stranger.SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay")).Status.ShouldBe(404);
            (await stranger.SendAsync(HttpMethod.Delete, "/api/v1/forwarding/hook")).Status.ShouldBe(404);
        }

        (await shop.SendAsync(HttpMethod.Delete, "/api/v1/forwarding/hook")).Status.ShouldBe(409);
        (await shop.GetAsync("/api/v1/forwarding/hook/parity?from=2026-11-30&to=2026-11-01")).Status.ShouldBe(400);
        (await shop.GetAsync("/api/v1/forwarding/hook/parity?from=yesterday")).Status.ShouldBe(400);
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/forwarding/hook/replay?after=x")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_journal_waits_for_a_target_but_not_for_ever()
    {
        await using var receiver = await StubReceiver.StartAsync();
        receiver.Answer = static _ => 503;
        await using var server = await StartAsync(receiver, keepAnHour: true);
        var shop = Open(server);
        for (var request = 0; request < 10; request++)
        {
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        await Eventually.BeTrueAsync(async () => (string?)(await TargetAsync(shop))["state"] == "failing");
        server.Time.Advance(TimeSpan.FromHours(2));
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted(); // The newest group always stays.
        await server.ProjectedAsync();
        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBeLessThan(3, "what is not sent stays");
        (await shop.GetAsync("/metrics")).Text.ShouldMatch("vitrine_forwarding_held_bytes [1-9]");

        server.Time.Advance(TimeSpan.FromDays(31));
        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(3, "beyond its hold a target is not waited for");
        (await shop.GetAsync("/metrics")).Text.ShouldContain("vitrine_forwarding_held_bytes 0\n");
    }

    [Fact]
    public async Task What_the_journal_does_not_have_any_more_is_counted_as_missed_and_forwarding_goes_on()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        await using (var before = await TestServer.StartAsync(folder.Path, KeepAnHour))
        {
            var shop = Open(before);
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            before.Time.Advance(TimeSpan.FromHours(2));
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            await before.ProjectedAsync();
            (await before.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(3);
        }

        using (var store = new ForwardingStore(folder["forwarding.db"]))
        {
            store.Begin(Hook(receiver), 1);
        }

        await using var server = await StartAsync(receiver, folder.Path);
        var again = new Shop(server, Workspace, Key);
        await ForwardedAsync(again);
        receiver.Events.Count.ShouldBe(1);
        ((long?)(await TargetAsync(again))["missed_records"]).ShouldBe(1);
    }

    [Fact]
    public async Task A_bookmark_beyond_a_restored_journal_goes_back_to_its_end()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        using (var store = new ForwardingStore(folder["forwarding.db"]))
        {
            store.Begin(Hook(receiver), 1_000);
        }

        await using var server = await StartAsync(receiver, folder.Path);
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await ForwardedAsync(shop);
        receiver.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_bookmarks_that_is_damaged_stops_forwarding_and_nothing_else()
    {
        await using var receiver = await StubReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["forwarding.db"], new string('x', 8192), TestContext.Current.CancellationToken);
        await using var server = await StartAsync(receiver, folder.Path, keepAnHour: true);
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var target = await TargetAsync(shop);
        ((string?)target["state"]).ShouldBe("stopped");
        ((string)target["last_error"]!["reason"]!).ShouldContain("forwarding.db is damaged");
        (await shop.GetAsync("/api/v1/forwarding/hook/aside")).Status.ShouldBe(503);
        server.Time.Advance(TimeSpan.FromHours(2));
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await server.ProjectedAsync();
        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(1, "nobody knows what it still has to send");
        receiver.Requests.ShouldBeEmpty();
    }

    private const string Key = "a-key-of-the-shop-1234";

    private static ServerOptions KeepAnHour(ServerOptions options) => options with
    {
        Journal = options.Journal with { RetentionAge = TimeSpan.FromHours(1) },
        Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) }, // The tests say when.
    };

    private static WebhookTarget Hook(StubReceiver receiver, bool beginning = false) =>
        new() { Name = "hook", Environment = Workspace, Url = receiver.Url, Secret = "0123456789abcdef", FromBeginning = beginning };

    private static Task<TestServer> StartAsync(StubReceiver receiver, string? folder = null, bool beginning = false, bool keepAnHour = false) => TestServer.StartAsync(folder, options =>
        (keepAnHour ? KeepAnHour(options) : options) with { Forwarding = new ForwardingOptions { Targets = [Hook(receiver, beginning)] } });

    private static Shop Open(TestServer server)
    {
        server.Catalog.CreateWorkspace(Workspace, Key, NodaTime.DateTimeZone.Utc);
        return new Shop(server, Workspace, Key);
    }

    private static async Task<JsonNode> TargetAsync(Shop shop) => (await shop.ReadAsync("/api/v1/forwarding"))["targets"]!.AsArray().ShouldHaveSingleItem()!;

    private static Task ForwardedAsync(Shop shop) => Eventually.BeTrueAsync(async () =>
        await TargetAsync(shop) is var target && (long?)target["lag_records"] == 0 && (string?)target["state"] == "idle");
}
