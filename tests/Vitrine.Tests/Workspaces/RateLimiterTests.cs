using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class RateLimiterTests
{
    private const string FetchPath = "/v1/experiences/fetch";
    private const string MetadataPath = "/v1/experiences/metadata";

    [Fact]
    public async Task Nothing_is_limited_unless_somebody_says_so()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        server.Catalog.Current.Find(shop.Id)!.Workspace.Settings.RateLimits.ShouldBe(RateLimits.None);
        for (var request = 0; request < 200; request++)
        {
            (await FetchAsync(shop)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task Each_kind_of_requests_has_a_limit_of_its_own_and_says_when_to_come_again()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Limited(server, new RateLimits { FetchesPerMinute = 2, ReportsPerMinute = 3, ManagementPerMinute = 1 });
        (await FetchAsync(shop)).Status.ShouldBe(200);
        (await shop.GetAsync(MetadataPath)).Status.ShouldBe(200);
        server.Time.Advance(TimeSpan.FromSeconds(18));
        var refused = await FetchAsync(shop);
        refused.ShouldBeError(429, "Rate Limit Exceeded").Description!.ShouldContain($"{shop.Id} takes 2 requests");
        refused.Header("Retry-After").ShouldBe("42");
        refused.Header("x-ratelimit-limit").ShouldBe("2");
        refused.Header("x-ratelimit-remaining").ShouldBe("0");
        refused.Header("x-ratelimit-reset").ShouldBe("42");

        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await PostGoalAsync(shop)).Status.ShouldBe(200);
        (await PostCustomerAsync(shop)).Status.ShouldBe(200);
        (await shop.PostAsync(Bodies.One())).ShouldBeError(429, "Rate Limit Exceeded");
        (await PostGoalAsync(shop)).ShouldFail(429, "Rate Limit Exceeded", "takes 3 requests");
        (await PostCustomerAsync(shop)).ShouldFail(429, "Rate Limit Exceeded", "takes 3 requests");

        (await shop.GetAsync("/api/v1/experiences")).Status.ShouldBe(200);
        var managed = await shop.GetAsync("/api/v1/ledger");
        managed.Status.ShouldBe(429);
        managed.Header("Retry-After").ShouldBe("42");
        managed.Text.ShouldContain("takes 1 requests");
        (await shop.SendAsync(HttpMethod.Post, "/core-services/v1/campaign-stats", static request => request.Content = new StringContent("{}", Encoding.UTF8, "application/json")))
            .ShouldBeError(429, "Rate Limit Exceeded");

        server.Time.Advance(TimeSpan.FromSeconds(42));
        (await FetchAsync(shop)).Status.ShouldBe(200);
        (await shop.EventsAsync()).Count.ShouldBe(1); // What was refused has left nothing.
    }

    [Fact]
    public async Task One_at_its_limit_keeps_nobody_else_waiting_not_even_its_own_test_environment()
    {
        await using var server = await TestServer.StartAsync();
        var busy = Limited(server, new RateLimits { FetchesPerMinute = 1 });
        var other = Limited(server, new RateLimits { FetchesPerMinute = 1 });
        (await FetchAsync(busy)).Status.ShouldBe(200);
        (await FetchAsync(busy)).Status.ShouldBe(429);
        (await FetchAsync(busy.Debug)).Status.ShouldBe(200);
        (await FetchAsync(other)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Strangers_do_not_use_a_limit_up()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Limited(server, new RateLimits { FetchesPerMinute = 1, ManagementPerMinute = 1 });
        var stranger = new Shop(server, shop.Id, "a-wrong-key");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await FetchAsync(stranger)).Status.ShouldBe(401);
            (await stranger.GetAsync("/api/v1/ledger")).Status.ShouldBe(401);
        }

        (await FetchAsync(shop)).Status.ShouldBe(200);
        (await shop.GetAsync("/api/v1/ledger")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_secret_key_may_have_a_limit_over_all_kinds_beside_the_ones_before_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var key = WorkspaceRules.NewKey();
        server.Catalog.RotateKey(shop.Id, key, TimeSpan.FromHours(1), requestsPerMinute: 2);
        var limited = new Shop(server, shop.Id, key);
        (await FetchAsync(limited)).Status.ShouldBe(200);
        (await limited.GetAsync("/api/v1/experiences")).Status.ShouldBe(200);
        (await FetchAsync(limited)).ShouldBeError(429, "Rate Limit Exceeded").Description!.ShouldContain("This secret key takes 2");
        (await FetchAsync(shop)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_change_of_the_catalog_does_not_begin_the_minute_anew()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Limited(server, new RateLimits { FetchesPerMinute = 1 });
        (await FetchAsync(shop)).Status.ShouldBe(200);
        server.OpenShop();
        (await FetchAsync(shop)).Status.ShouldBe(429);
        server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RateLimits = RateLimits.Vendor });
        (await FetchAsync(shop)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_requests_that_come_at_the_same_time_not_one_too_many_is_taken()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Limited(server, new RateLimits { FetchesPerMinute = 50 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => FetchAsync(shop)));
        answers.Count(static answer => answer.Status == 200).ShouldBe(50);
        answers.Count(static answer => answer.Status == 429).ShouldBe(150);
    }

    [Fact]
    public async Task Refusals_are_counted_for_the_operator()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Limited(server, new RateLimits { FetchesPerMinute = 1 });
        (await FetchAsync(shop)).Status.ShouldBe(200);
        (await FetchAsync(shop)).Status.ShouldBe(429);
        (await shop.GetAsync("/metrics")).Text.ShouldContain($"vitrine_rate_limited_requests_total{{environment=\"{shop.Id}\",limit=\"environment\"}} 1");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_limit_is_at_least_one_request(int limit)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        Should.Throw<CatalogException>(() => Limit(server, shop, new RateLimits { ReportsPerMinute = limit })).Message.ShouldContain("at least one");
        Should.Throw<CatalogException>(() => server.Catalog.RotateKey(shop.Id, WorkspaceRules.NewKey(), TimeSpan.Zero, limit)).Message.ShouldContain("at least one");
        server.Catalog.Current.Find(shop.Id)!.Workspace.Settings.RateLimits.ShouldBe(RateLimits.None);
        (await FetchAsync(shop)).Status.ShouldBe(200);
    }

    private static Shop Limited(TestServer server, RateLimits limits)
    {
        var shop = server.OpenShop();
        Limit(server, shop, limits);
        server.Time.Advance(TimeSpan.FromSeconds(60 - server.Time.GetUtcNow().Second)); // A minute of its own.
        return shop;
    }

    private static void Limit(TestServer server, Shop shop, RateLimits limits) =>
        server.Catalog.ChangeSettings(shop.Id, settings => settings with { RateLimits = limits });

    private static Task<Answer> FetchAsync(Shop shop) => shop.SendAsync(HttpMethod.Post, FetchPath, static request =>
        request.Content = new StringContent("""{"identifiers":{"customer_id":"ada"}}""", Encoding.UTF8, "application/json"));

    private static Task<Answer> PostGoalAsync(Shop shop) => shop.PostGoalsAsync("ada", new JsonObject { ["action"] = "Order Placed" });

    private static Task<Answer> PostCustomerAsync(Shop shop) =>
        shop.PostCustomerAsync(Encoding.UTF8.GetBytes("""{"type":"customer","customer_id":"ada","attributes":{"plan":"gold"}}"""));
}
