using System.Text;
using NodaTime;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class ClientKeyTests(SharedServer shared)
{
    private const string Page = "https://shop.example";
    private const string FetchPath = "/v1/experiences/fetch";
    private const string MetadataPath = "/v1/experiences/metadata";

    [Fact]
    public async Task A_client_key_reports_and_fetches_and_lists()
    {
        var (shop, client) = Open();
        (await client.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await FetchAsync(client)).Status.ShouldBe(200);
        (await client.GetAsync(MetadataPath)).Status.ShouldBe(200);
        (await client.Debug.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_opens_nothing_else()
    {
        var (shop, client) = Open();
        foreach (var path in new[] { "/api/v1/ledger", "/api/v1/reports/experiences", "/api/v1/experiences", "/api/v1/exports/events", "/api/v1/customers/ada", "/api/v1/audit" })
        {
            (await client.GetAsync(path)).Status.ShouldBe(401, path);
        }

        (await client.PostGoalsAsync("ada")).ShouldFail(401, "Authentication required", "needs a secret key");
        (await client.PostCustomerAsync(Encoding.UTF8.GetBytes("""{"type":"customer","customer_id":"ada","attributes":{}}"""))).ShouldFail(401, "Authentication required", "needs a secret key");
        (await client.SendAsync(HttpMethod.Post, "/core-services/v1/campaign-stats", static request => request.Content = new StringContent("{}", Encoding.UTF8, "application/json")))
            .ShouldBeError(401, "Authentication required");
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Theory]
    [InlineData(Page, 200)]
    [InlineData("https://other.example", 403)]
    [InlineData("http://shop.example", 403)]
    [InlineData("https://shop.example:8443", 403)]
    [InlineData("https://shop.example.attacker.example", 403)]
    [InlineData("null", 403)]
    [InlineData(null, 200)] // An app.
    public async Task It_is_for_the_pages_of_its_origins_and_for_apps(string? origin, int status)
    {
        var (shop, client) = Open();
        var answer = await PostAsync(client, origin);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Header("Access-Control-Allow-Origin").ShouldBe(origin == Page ? Page : null);
        if (status == 403)
        {
            answer.ShouldBeError(403, "Origin not allowed").Description!.ShouldContain($"'{origin}'");
            await shop.ShouldHaveStoredNothingAsync();
        }
    }

    [Fact]
    public async Task Every_page_may_use_one_that_is_for_all()
    {
        await using var server = await TestServer.StartAsync(); // A key for all lets every page read what a server answers.
        var client = Open(server.OpenShop(), null, ClientKey.AnyOrigin);
        (await PostAsync(client, "https://anywhere.example")).ShouldBeAccepted().Header("Access-Control-Allow-Origin").ShouldBe("https://anywhere.example");
    }

    [Fact]
    public async Task A_page_can_read_why_it_was_refused()
    {
        var (shop, _) = Open();
        var refused = await PostAsync(new Shop(shop.Server, shop.Id, "vck_no_such_key"), Page);
        refused.ShouldBeError(401, "Authentication required").Header("Access-Control-Allow-Origin").ShouldBe(Page);
        refused.Header("Vary").ShouldBe("Origin");
        refused.Header("Access-Control-Expose-Headers")!.ShouldContain("Retry-After");
    }

    [Theory]
    [InlineData(Shop.EventsPath, "POST")]
    [InlineData(FetchPath, "POST")]
    [InlineData(MetadataPath, "GET")]
    public async Task Browsers_are_told_beforehand_what_they_may_send(string path, string method)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        server.Catalog.CreateClientKey(shop.Id, WorkspaceRules.NewClientKey(), [Page], null);
        var allowed = await AskAsync(server, path, method, Page);
        allowed.Status.ShouldBe(204);
        allowed.Bytes.ShouldBeEmpty();
        allowed.Header("Access-Control-Allow-Origin").ShouldBe(Page);
        allowed.Header("Access-Control-Allow-Methods").ShouldBe(method);
        allowed.Header("Access-Control-Allow-Headers").ShouldBe("Authorization, MOE-APPKEY, Content-Type, Prefer");
        var stranger = await AskAsync(server, path, method, "https://other.example");
        stranger.ShouldBeError(403, "Origin not allowed");
        stranger.Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task More_requests_than_its_minute_has_are_refused_until_the_next_one()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var client = Open(shop, 2, Page);
        server.Time.Advance(TimeSpan.FromSeconds(60 - server.Time.GetUtcNow().Second)); // A minute of its own.
        (await client.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await FetchAsync(client)).Status.ShouldBe(200);
        server.Time.Advance(TimeSpan.FromSeconds(18));
        var refused = await PostAsync(client, Page);
        refused.ShouldBeError(429, "Rate Limit Exceeded").Header("Retry-After").ShouldBe("42");
        refused.Header("x-ratelimit-limit").ShouldBe("2");
        refused.Header("x-ratelimit-remaining").ShouldBe("0");
        refused.Header("x-ratelimit-reset").ShouldBe("42");
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        server.Time.Advance(TimeSpan.FromSeconds(42));
        (await client.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_replaced_key_goes_on_for_its_overlap_and_a_revoked_one_not_at_all()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var old = Open(shop, null, Page);
        var successor = WorkspaceRules.NewClientKey();
        server.Catalog.RotateClientKey(shop.Id, old.Key, successor, TimeSpan.FromHours(1));
        var next = new Shop(server, shop.Id, successor);
        (await PostAsync(old, Page)).ShouldBeAccepted();
        (await PostAsync(next, Page)).ShouldBeAccepted();
        server.Time.Advance(TimeSpan.FromHours(1));
        (await PostAsync(old, Page)).Status.ShouldBe(401);
        server.Catalog.RevokeClientKey(shop.Id, successor);
        (await PostAsync(next, Page)).Status.ShouldBe(401);
        Should.Throw<CatalogException>(() => server.Catalog.RevokeClientKey(shop.Id, successor)).Message.ShouldContain("no client key");
    }

    [Fact]
    public async Task What_a_page_sends_as_it_goes_has_its_key_in_the_address_and_is_called_a_text()
    {
        var (shop, client) = Open();
        var body = Encoding.UTF8.GetBytes(Bodies.One().ToJsonString());
        (await BeaconAsync(shop, body, shop.Id, client.Key)).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(1);
        (await BeaconAsync(shop, body, shop.Id, shop.Key)).ShouldBeError(401, "Authentication required"); // A secret key never stands in an address.
        (await BeaconAsync(shop, body, "nobody", client.Key)).ShouldBeError(400, "Request Error");
        (await BeaconAsync(shop, body, shop.Id, client.Key, "https://other.example")).ShouldBeError(403, "Origin not allowed");
        (await shop.PostAsync(body, "text/plain")).ShouldBeError(415, "Unsupported Media Type");
    }

    [Theory]
    [InlineData("vsk_secret", Page, null, "begins with vck_")]
    [InlineData("vck_", Page, null, "8–256 characters")]
    [InlineData("vck_0123456789", "shop.example", null, "no origin")]
    [InlineData("vck_0123456789", "https://shop.example/", null, "no origin")]
    [InlineData("vck_0123456789", "https://Shop.example", null, "no origin")]
    [InlineData("vck_0123456789", "https://shop.example:443", null, "no origin")]
    [InlineData("vck_0123456789", "https://*.shop.example", null, "no origin")]
    [InlineData("vck_0123456789", Page, 0, "at least one")]
    public void What_cannot_be_is_refused(string key, string origin, int? limit, string reason)
    {
        using var folder = new TemporaryFolder();
        using var catalog = new SqliteCatalog(folder["catalog.db"], Clock.New());
        catalog.CreateWorkspace("SHOP", "a-long-enough-key", DateTimeZone.Utc);
        Should.Throw<CatalogException>(() => catalog.CreateClientKey("SHOP", key, [origin], limit)).Message.ShouldContain(reason);
        catalog.Current.Workspaces.ShouldHaveSingleItem().ClientKeys.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("https://xn--grner-laden-thb.example")]
    [InlineData("capacitor://localhost")]
    [InlineData("http://[::1]:8080")]
    public void What_browsers_send_as_an_origin_can_be_one(string origin)
    {
        using var folder = new TemporaryFolder();
        using var catalog = new SqliteCatalog(folder["catalog.db"], Clock.New());
        catalog.CreateWorkspace("SHOP", "a-long-enough-key", DateTimeZone.Utc);
        catalog.CreateClientKey("SHOP", "vck_0123456789", [origin], 1);
        catalog.Current.Find("SHOP")!.Workspace.ClientKeys.ShouldHaveSingleItem().Allows(origin).ShouldBeTrue();
        Should.Throw<CatalogException>(() => catalog.RotateKey("SHOP", "vck_0123456789", TimeSpan.Zero)).Message.ShouldContain("client keys");
    }

    private (Shop Secret, Shop Client) Open()
    {
        var shop = shared.OpenShop();
        return (shop, Open(shop, null, Page));
    }

    private static Shop Open(Shop shop, int? limit, params string[] origins)
    {
        var key = WorkspaceRules.NewClientKey();
        shop.Server.Catalog.CreateClientKey(shop.Id, key, origins, limit);
        return new Shop(shop.Server, shop.Id, key);
    }

    private static Task<Answer> PostAsync(Shop client, string? origin) => client.SendAsync(HttpMethod.Post, Shop.EventsPath, request =>
    {
        request.Content = new StringContent(Bodies.One().ToJsonString(), Encoding.UTF8, "application/json");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
    });

    private static Task<Answer> FetchAsync(Shop client) => client.SendAsync(HttpMethod.Post, FetchPath, static request =>
        request.Content = new StringContent("""{"identifiers":{"customer_id":"ada"}}""", Encoding.UTF8, "application/json"));

    private static Task<Answer> BeaconAsync(Shop shop, byte[] body, string tenant, string key, string origin = Page) =>
        shop.SendAsync(HttpMethod.Post, $"{Shop.EventsPath}?moe_appkey={tenant}&client_key={key}", request =>
        {
            request.Headers.Clear();
            request.Headers.Add("Origin", origin);
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("text/plain", "utf-8");
        });

    private static Task<Answer> AskAsync(TestServer server, string path, string method, string origin) =>
        new Shop(server, "", "").SendAsync(HttpMethod.Options, path, request =>
        {
            request.Headers.Clear();
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", method);
        });
}
