using System.Text.Json.Nodes;
using Vitrine.Forwarding;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Forwarding;

/// <summary>An upstream's answers beside ours.</summary>
public sealed class ParityTests
{
    private const string Workspace = "SHOP", Key = "a-key-of-the-shop-1234";

    [Fact]
    public async Task An_upstream_that_judges_otherwise_is_seen_by_status_and_day()
    {
        await using var upstream = await StubReceiver.StartAsync();
        upstream.Answer = static request => request.Body.Contains("click-of-nobody", StringComparison.Ordinal) ? 422 : 200; // It takes even what we refuse.
        await using var server = await StartAsync(upstream);
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        server.Time.Advance(TimeSpan.FromDays(1));
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var strange = (await shop.PostAsync(Bodies.One(attributes: static one => one["b_id"] = "click-of-nobody"))).ShouldBeAccepted();
        (await shop.PostAsync("""{"elements":[]}""")).Status.ShouldBe(400);
        (await shop.PostCustomerAsync("""{"type":"customer"}"""u8.ToArray())).Status.ShouldBe(400);
        (await shop.PostGoalsAsync("no json"u8.ToArray())).Status.ShouldBe(400);
        await Eventually.BeTrueAsync(async () => (long?)(await ParityAsync(shop))["requests"] == 6);

        var parity = await ParityAsync(shop);
        ((long?)parity["differences"]).ShouldBe(4);
        parity["days"]!.AsArray().Select(static day => ((string?)day!["day"], Cells(day))).ShouldBe([("2026-11-24", "200/200:1"), ("2026-11-25", "200/200:1 200/422:1! 400/200:3!")]);
        var cell = parity["days"]![1]!["answers"]!.AsArray().Single(static one => (int?)one!["theirs"] == 422)!;
        ((string?)cell["last_request_id"]).ShouldBe((string?)strange.Json["req_id"]);
        ((long?)(await shop.ReadAsync("/api/v1/forwarding/vendor/aside"))["total"]).ShouldBe(1, "what the upstream refused waits to be replayed");
        upstream.Requests.Select(static one => one.Path).Distinct().ShouldBe(["/v1/experiences/events", $"/v1/event/{Workspace}", $"/v1/customer/{Workspace}"], ignoreOrder: true);
        upstream.Requests.ShouldAllBe(static one => one.Headers["MOE-APPKEY"] == Workspace && one.Headers["Authorization"] == Shop.Basic(Workspace, "the-key-of-the-upstream"));
    }

    [Fact]
    public async Task Where_customers_have_pseudonyms_no_refused_body_leaves_the_house()
    {
        await using var upstream = await StubReceiver.StartAsync();
        await using var server = await StartAsync(upstream);
        server.Catalog.CreateWorkspace(Workspace, Key, NodaTime.DateTimeZone.Utc, new WorkspaceSettings { PseudonymKey = new string('5', 64) });
        var shop = new Shop(server, Workspace, Key);
        (await shop.PostAsync(Bodies.One(static element => element["actions"] = new JsonArray()))).Status.ShouldBe(400);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await Eventually.BeTrueAsync(async () => (long?)(await ParityAsync(shop))["requests"] == 1);
        var body = upstream.Requests.ShouldHaveSingleItem().Body;
        body.ShouldNotContain("customer-1");
    }

    private static string Cells(JsonNode day) =>
        string.Join(' ', day["answers"]!.AsArray().Select(static one => $"{one!["ours"]}/{one["theirs"]}:{one["requests"]}{((bool)one["differs"]! ? "!" : "")}"));

    private static Task<TestServer> StartAsync(StubReceiver upstream) => TestServer.StartAsync(options: options => options with
    {
        Forwarding = new ForwardingOptions
        {
            Targets = [new MoEngageTarget { Name = "vendor", Environment = Workspace, Url = upstream.Url, DataUrl = upstream.Url, Workspace = Workspace, Key = "the-key-of-the-upstream", DataKey = "the-key-of-the-upstream", Compare = true }],
        },
    });

    private static Shop Open(TestServer server)
    {
        server.Catalog.CreateWorkspace(Workspace, Key, NodaTime.DateTimeZone.Utc);
        return new Shop(server, Workspace, Key);
    }

    private static async Task<JsonObject> ParityAsync(Shop shop) => await shop.ReadAsync("/api/v1/forwarding/vendor/parity");
}
