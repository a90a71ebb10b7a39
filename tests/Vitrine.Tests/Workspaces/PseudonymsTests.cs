using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class PseudonymsTests
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private const string Ada = "ada@example.com";

    [Fact]
    public void A_pseudonym_is_the_keyed_hash_of_the_id_and_stays_one()
    {
        var pseudonym = new Pseudonyms(Key).Of(Ada);
        var hash = HMACSHA256.HashData(Convert.FromHexString(Key), Encoding.UTF8.GetBytes(Ada));
        pseudonym.ShouldBe("~" + Convert.ToBase64String(hash.AsSpan(0, 18)).Replace('+', '-').Replace('/', '_'));
        new Pseudonyms(Key).Of(pseudonym).ShouldBe(pseudonym);
        new Pseudonyms(Pseudonyms.NewKey()).Of(Ada).ShouldNotBe(pseudonym);
        Pseudonyms.IsOne("~short"u8).ShouldBeFalse();
        Pseudonyms.IsOne("~a text of 25 characters."u8).ShouldBeFalse();
    }

    [Fact]
    public async Task No_file_of_a_workspace_with_pseudonyms_names_a_customer_and_everything_works_as_ever()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Open(server);
        await shop.PublishedAsync(Authoring.Document());
        await shop.SetAttributesAsync(Ada, """{"plan":"gold"}""");
        for (var time = 0; time < 2; time++)
        {
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Ada))).ShouldBeAccepted();
        }

        (await shop.PostGoalsAsync(Ada, new JsonObject { ["action"] = "Order Placed" })).Status.ShouldBe(200);
        await server.ProjectedAsync();
        var pseudonym = new Pseudonyms(Key).Of(Ada);
        (await shop.EventsAsync()).ShouldAllBe(one => (string?)one["customer_id"] == pseudonym);
        (await shop.GoalEventsAsync()).ShouldAllBe(one => (string?)one["customer_id"] == pseudonym);
        foreach (var name in new[] { Ada, pseudonym })
        {
            var customer = (await shop.GetCustomerAsync(name)).Json;
            customer["impressions"]!.GetValue<long>().ShouldBe(2);
            customer["attributes"]!.ToJsonString().ShouldBe("""{"plan":"gold"}""");
        }

        Erasing.Holding(server, Ada).ShouldBeEmpty();
        Erasing.Holding(server, pseudonym).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Who_is_decided_for_by_an_id_is_decided_for_by_its_pseudonym()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Open(server);
        await shop.PublishedAsync(Authoring.Document());
        for (var number = 0; number < 20; number++)
        {
            var customer = $"customer-{number}";
            (await FetchAsync(shop, customer)).ShouldBe(await FetchAsync(shop, new Pseudonyms(Key).Of(customer)));
        }
    }

    [Fact]
    public async Task A_customer_with_a_pseudonym_is_erased_by_id()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Open(server);
        (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Ada))).ShouldBeAccepted();
        await Erasing.ErasedAsync(shop, await Erasing.EraseAsync(shop, Ada));
        (await shop.GetCustomerAsync(Ada)).Status.ShouldBe(404);
        Erasing.Holding(server, new Pseudonyms(Key).Of(Ada)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pseudonyms_are_for_a_workspaces_whole_life()
    {
        await using var server = await TestServer.StartAsync();
        var shop = Open(server);
        Should.Throw<CatalogException>(() => server.Catalog.ChangeSettings(shop.Id, static settings => settings with { PseudonymKey = null })).Message.ShouldContain("is said when a workspace is made");
        var plain = server.OpenShop();
        Should.Throw<CatalogException>(() => server.Catalog.ChangeSettings(plain.Id, static settings => settings with { PseudonymKey = Key }));
        server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RateLimits = RateLimits.Vendor });
        server.Catalog.Current.Find(shop.Id)!.Workspace.Settings.PseudonymKey.ShouldBe(Key);
    }

    private static Shop Open(TestServer server)
    {
        var (id, key) = (WorkspaceRules.NewId(), WorkspaceRules.NewKey());
        server.Catalog.CreateWorkspace(id, key, NodaTime.DateTimeZone.Utc, new WorkspaceSettings { PseudonymKey = Key });
        return new Shop(server, id, key);
    }

    private static async Task<string> FetchAsync(Shop shop, string customer)
    {
        var body = new JsonObject { ["identifiers"] = new JsonObject { ["customer_id"] = customer } }.ToJsonString();
        var answer = await shop.SendAsync(HttpMethod.Post, "/v1/experiences/fetch", request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Text;
    }
}
