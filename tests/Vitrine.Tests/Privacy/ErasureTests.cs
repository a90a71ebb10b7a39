using Vitrine.Reports;
using Vitrine.Tests.Support;
using static Vitrine.Tests.Privacy.Erasing;

namespace Vitrine.Tests.Privacy;

/// <summary>Who asks to be forgotten is: in everything that can be asked.</summary>
public sealed class ErasureTests
{
    [Fact]
    public async Task Nothing_that_is_asked_knows_an_erased_customer_and_the_others_count_as_before()
    {
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        var (uuid, request) = await TracedAsync(shop);
        (await FiguresAsync(shop)).ShouldBe((5, 2)); // Three of the one, two of the other; two customers.

        var id = await EraseAsync(shop, Gone);

        (await FiguresAsync(shop)).ShouldBe((2, 1));
        (await shop.EventsAsync()).ShouldAllBe(static one => (string?)one["customer_id"] == Stays);
        (await shop.GoalEventsAsync()).ShouldAllBe(static one => (string?)one["customer_id"] == Stays);
        (await shop.GetCustomerAsync(Gone)).Status.ShouldBe(404);
        (await shop.GetCustomerAsync(Stays)).Json["impressions"]!.GetValue<long>().ShouldBe(2);
        var receipt = (await shop.GetAsync($"/api/v1/events/{uuid}")).Json;
        ((string?)receipt["outcome"]).ShouldBe("erased");
        receipt["event"].ShouldBeNull();
        (await shop.GetAsync($"/api/v1/requests/{request}")).Json["events"]!.AsArray().Select(static one => (string?)one!["outcome"]).ShouldBe(["erased", "stored"]);
        await BalancedAsync(shop, erased: 5);
        ((string?)(await shop.GetAsync($"/api/v1/erasures/{id}")).Json["request_id"]).ShouldBe(id);
    }

    [Fact]
    public async Task What_waits_for_its_files_is_neither_handed_out_nor_shown_live()
    {
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        await ErasedAsync(shop, await EraseAsync(shop, "somebody-else")); // So that the next one waits.
        var id = await EraseAsync(shop, Gone);
        await server.ProjectedAsync();
        Holding(server, Gone).ShouldNotBeEmpty("its files wait for an hour");
        (await shop.GetAsync($"/api/v1/customers/{Uri.EscapeDataString(Gone)}/export")).Status.ShouldBe(404);
        var after = -1L;
        var (requests, _, _) = await server.Service<ReportSource>().ReadAsync(
            server.Catalog.Current.Find(shop.Id)!, connection => RecentRequests.Read(connection, server.Journal, shop.Id, ref after, 100), TestContext.Current.CancellationToken);
        requests.ShouldNotBeEmpty();
        requests.SelectMany(static one => one.Contents.Values).SelectMany(static fields => fields.Values).ShouldNotContain(Gone);
        server.Time.Advance(TimeSpan.FromHours(1));
        await EraseAsync(shop, "yet-another");
        await ErasedAsync(shop, id);
        Holding(server, Gone).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_sent_again_of_an_erased_customer_does_not_count()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var body = Bodies.One(static element => element["customer_id"] = Gone);
        (await shop.PostAsync(body)).ShouldBeAccepted();
        await ErasedAsync(shop, await EraseAsync(shop, Gone));
        (await shop.PostAsync(body, "return=representation")).Json["events"]![0]!["outcome"]!.GetValue<string>().ShouldBe("duplicate");
        (await FiguresAsync(shop)).ShouldBe((0, 0));
        await BalancedAsync(shop, erased: 1);
    }

    [Fact]
    public async Task Who_comes_back_is_somebody_new()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = await FilledAsync(server);
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            await shop.SetAttributesAsync(Gone, """{"plan":"silver"}""");
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
            var customer = (await shop.GetCustomerAsync(Gone)).Json;
            customer["attributes"]!.ToJsonString().ShouldBe("""{"plan":"silver"}""");
            customer["impressions"]!.GetValue<long>().ShouldBe(1);
        }

        await using var again = await TestServer.StartAsync(folder.Path); // Numbers are read back, with a gap.
        (await FiguresAsync(shop.On(again))).ShouldBe((2, 2));
        (await shop.On(again).PostAsync(Bodies.One(static element => element["customer_id"] = "third@example.com"))).ShouldBeAccepted();
        (await FiguresAsync(shop.On(again))).ShouldBe((3, 3));
    }

    [Fact]
    public async Task By_an_address_every_customer_is_found_whose_profile_has_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.SetAttributesAsync("one", """{"u_em":"Ada@Example.com"}""");
        await shop.SetAttributesAsync("two", """{"u_em":"ada@example.com"}""");
        await shop.SetAttributesAsync("three", """{"note":"ada@example.com","u_em":"other@example.com","u_mb":"+491234"}""");
        await EraseAsync(shop, "ada@example.com", "email");
        await server.ProjectedAsync();
        (await shop.GetCustomerAsync("one")).Status.ShouldBe(404);
        (await shop.GetCustomerAsync("two")).Status.ShouldBe(404);
        (await shop.GetCustomerAsync("three")).Status.ShouldBe(200);
        await EraseAsync(shop, "+491234", "mobile");
        await server.ProjectedAsync();
        (await shop.GetCustomerAsync("three")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Environments_and_workspaces_are_erased_in_apart()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, other) = (server.OpenShop(), server.OpenShop());
        foreach (var one in new[] { shop, shop.Debug, other })
        {
            (await one.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
        }

        await ErasedAsync(shop, await EraseAsync(shop, Gone));
        (await FiguresAsync(shop)).ShouldBe((0, 0));
        (await FiguresAsync(shop.Debug)).ShouldBe((1, 1));
        (await FiguresAsync(other)).ShouldBe((1, 1));
        (await other.GetAsync("/api/v1/erasures")).Json["erasures"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"request_type":"access","identities":[{"identity_type":"ID","identity_value":"ada"}]}""", "request_type must be \"erasure\"")]
    [InlineData("""{"request_type":"erasure"}""", "identities must be an array")]
    [InlineData("""{"request_type":"erasure","identities":[]}""", "identities must be an array")]
    [InlineData("""{"request_type":"erasure","identities":["ada"]}""", "identities/0")]
    [InlineData("""{"request_type":"erasure","identities":[null]}""", "identities/0 must be an object")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"shoe","identity_value":"ada"}]}""", "must be ID, email or mobile")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"ID","identity_value":"guest"}]}""", "identities/0/identity_value")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"ID"}]}""", "identity_value is required")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"email","identity_value":" "}]}""", "must not be empty")]
    [InlineData("""{"request_type":7,"identities":[{"identity_type":"ID","identity_value":"ada"}]}""", "request_type")]
    public async Task A_request_that_is_none_erases_nobody_and_says_why(string body, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var head = server.Journal.Head;
        (await PostAsync(shop, body)).ShouldFail(400, "Invalid Field Value", reason);
        (await PostAsync(shop, "{")).ShouldFail(400, "Malformed JSON", "decode");
        (await PostAsync(new Shop(server, shop.Id, "a-wrong-key"), body)).ShouldFail(401, "Authentication required", "API_KEY");
        server.Journal.Head.ShouldBe(head);
    }

    /// <summary>A request of both, and the uuid of the one's event in it.</summary>
    private static async Task<(string Uuid, string Request)> TracedAsync(Shop shop)
    {
        var both = Bodies.Of(Bodies.Element(Bodies.Action()), Bodies.Element(Bodies.Action()));
        both["elements"]![0]!["customer_id"] = Gone;
        both["elements"]![1]!["customer_id"] = Stays;
        var answer = (await shop.PostAsync(both)).ShouldBeAccepted();
        return ((string)both["elements"]![0]!["actions"]![0]!["moe_event_uuid"]!, (string)answer.Json["req_id"]!);
    }
}
