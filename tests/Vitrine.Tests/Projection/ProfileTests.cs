using System.Text.Json.Nodes;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class ProfileTests
{
    [Fact]
    public async Task Attributes_are_merged_by_key_and_null_takes_one_away()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await SetAsync(shop, "ann", """{"city":"Berlin","age":30,"tags":["a",1,null]}""");
        await SetAsync(shop, "bob", """{"city":"Lima"}""");
        await SetAsync(shop, "ann", """{"age":31.50,"city":null,"ok":true}""");
        await SetAsync(shop, "ann", """{"city":"Rome","city":null,"gone":null,"n":"null"}""");

        (await ReadAsync(shop, "ann")).ShouldBe("""{"age":31.50,"n":"null","ok":true,"tags":["a",1,null]}""");
        (await ReadAsync(shop, "bob")).ShouldBe("""{"city":"Lima"}""");
    }

    [Fact]
    public async Task Changes_of_one_request_apply_in_its_order()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Bodies.Of(Element("ann", """{"a":1,"b":1}"""), Element("ann", """{"a":2,"b":null}"""), Element("ann", """{"c":3}""")))).ShouldBeAccepted();
        (await ReadAsync(shop, "ann")).ShouldBe("""{"a":2,"c":3}""");
    }

    [Fact]
    public async Task A_duplicate_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var first = Element("ann", """{"city":"Berlin"}""");
        (await shop.PostAsync(Bodies.Of(first.DeepClone().AsObject()))).ShouldBeAccepted();
        await SetAsync(shop, "ann", """{"city":"Rome"}""");
        (await shop.PostAsync(Bodies.Of(first))).ShouldBeAccepted();
        (await ReadAsync(shop, "ann")).ShouldBe("""{"city":"Rome"}""");
    }

    [Fact]
    public async Task A_refused_request_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await SetAsync(shop, "ann", """{"city":"Berlin"}""");
        var bad = Bodies.Of(Element("ann", """{"city":"Rome"}"""), Element("guest", "{}"));
        (await shop.PostAsync(bad)).Status.ShouldBe(400);
        (await ReadAsync(shop, "ann")).ShouldBe("""{"city":"Berlin"}""");
    }

    [Fact]
    public async Task Environments_have_profiles_of_their_own()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, other) = (server.OpenShop(), server.OpenShop());
        await SetAsync(shop, "ann", """{"a":1}""");
        await SetAsync(shop.Debug, "ann", """{"a":2}""");
        await SetAsync(other, "ann", """{"a":3}""");
        (await ReadAsync(shop, "ann")).ShouldBe("""{"a":1}""");
        (await ReadAsync(shop.Debug, "ann")).ShouldBe("""{"a":2}""");
        (await ReadAsync(other, "ann")).ShouldBe("""{"a":3}""");
    }

    private static JsonObject Element(string customer, string attributes)
    {
        var element = Bodies.Element(Bodies.Action());
        (element["customer_id"], element["user_attributes"]) = (customer, Bodies.Json(attributes));
        return element;
    }

    private static async Task SetAsync(Shop shop, string customer, string attributes) =>
        (await shop.PostAsync($"{{\"elements\":[{{\"customer_id\":\"{customer}\",\"user_attributes\":{attributes},\"actions\":[{Bodies.Action().ToJsonString()}]}}]}}")).ShouldBeAccepted();

    private static async Task<string?> ReadAsync(Shop shop, string customer)
    {
        await shop.Server.ProjectedAsync();
        return await shop.Server.Service<ProjectionReader>().ReadAsync(
            shop.Id,
            connection => (string?)ProjectionFile.Scalar(
                connection,
                $"SELECT p.attributes FROM profiles p JOIN customers c USING (customer) JOIN environments e USING (environment) WHERE e.id = '{shop.Id}' AND c.customer_id = '{customer}'"),
            TestContext.Current.CancellationToken);
    }
}
