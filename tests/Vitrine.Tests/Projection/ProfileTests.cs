using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Journal;
using Vitrine.Journal.Records;
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

    [Fact]
    public async Task Attributes_set_without_events_are_merged_with_those_of_events_in_the_order_of_the_journal()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await ChangeAsync(shop, "ann", """{"city":"Berlin","age":30}""");
        await SetAsync(shop, "ann", """{"city":"Rome","ok":true}""");
        await ChangeAsync(shop, "ann", """{"age":null,"n":1}""");
        (await ReadAsync(shop, "ann")).ShouldBe("""{"city":"Rome","n":1,"ok":true}""");
    }

    [Fact]
    public async Task A_removed_profile_is_gone_and_what_is_set_behind_that_begins_a_new_one()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, other) = (server.OpenShop(), server.OpenShop());
        await ChangeAsync(shop, "ann", """{"a":1}""");
        await ChangeAsync(shop, "bob", """{"a":2}""");
        await ChangeAsync(shop.Debug, "ann", """{"a":3}""");
        await ChangeAsync(other, "ann", """{"a":4}""");
        await server.ProjectedAsync();
        await ChangeAsync(shop, "ann", null);
        await ChangeAsync(other, "nobody", null);
        (await ReadAsync(shop, "ann")).ShouldBeNull();
        await ChangeAsync(shop, "ann", """{"b":1}""");
        (await ReadAsync(shop, "ann")).ShouldBe("""{"b":1}""");
        (await ReadAsync(shop, "bob")).ShouldBe("""{"a":2}""");
        (await ReadAsync(shop.Debug, "ann")).ShouldBe("""{"a":3}""");
        (await ReadAsync(other, "ann")).ShouldBe("""{"a":4}""");
    }

    /// <summary>Removals in the same batch as what they remove and what follows them, and in other batches.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(250_000)]
    public async Task A_removal_keeps_its_place_among_the_changes_of_a_rebuild(int batchEvents)
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            foreach (var attributes in (string?[])["{\"a\":1}", null, "{\"b\":2}", "{\"c\":3}", null, "{\"d\":4}"])
            {
                await ChangeAsync(shop, "ann", attributes);
            }

            await SetAsync(shop, "bob", "{\"a\":1}");
            await ChangeAsync(shop, "bob", "{\"b\":1}");
            await ChangeAsync(shop, "bob", null);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var rebuilt = await TestServer.StartAsync(
            folder.Path, options => options with { Projection = options.Projection with { BatchEvents = batchEvents } });
        (await ReadAsync(shop.On(rebuilt), "ann")).ShouldBe("""{"d":4}""");
        (await ReadAsync(shop.On(rebuilt), "bob")).ShouldBeNull();
        ((long)(await shop.On(rebuilt).LedgerAsync())["events"]!["stored"]!).ShouldBe(1);
    }

    private static async Task ChangeAsync(Shop shop, string customer, string? attributes)
    {
        var record = PendingRecord.Rent();
        CustomerRecordCodec.Write(
            new CustomerRecord(Clock.Now * 1000, Encoding.UTF8.GetBytes(shop.Id), Encoding.UTF8.GetBytes(customer), Encoding.UTF8.GetBytes(attributes ?? "")),
            record.Body);
        (await shop.Server.Journal.AppendAsync("SHOP", record)).Outcome.ShouldBe(AppendOutcome.Durable);
        record.Return();
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
