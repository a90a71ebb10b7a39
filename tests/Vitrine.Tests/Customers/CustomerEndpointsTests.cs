using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Customers;

public sealed class CustomerEndpointsTests(SharedServer shared)
{
    [Fact]
    public async Task A_customer_is_shown_with_his_profile_and_what_he_did()
    {
        var shop = shared.OpenShop();
        await shop.SetAttributesAsync("customer-1", """{"city":"Größe \"7\""}""");
        var first = Bodies.Action(static action => action["event_time"] = Clock.Now - 100);
        (await shop.PostAsync(Bodies.Of(Bodies.Element(
            first,
            Bodies.Action(static action => action["event_time"] = Clock.Now - 10),
            Bodies.Action(static action => (action["action"], action["event_time"]) = (Bodies.Clicked, Clock.Now - 5)))))).ShouldBeAccepted();
        (await shop.PostAsync(Bodies.Of(Bodies.Element((System.Text.Json.Nodes.JsonObject)first.DeepClone())))).ShouldBeAccepted();

        var answer = (await shop.GetCustomerAsync("customer-1")).Json;
        answer.Select(static one => one.Key).ShouldBe(["customer_id", "attributes", "updated_at", "impressions", "clicks", "goal_events", "first_event", "last_event", "as_of"]);
        ((string?)answer["customer_id"]).ShouldBe("customer-1");
        ((string?)answer["attributes"]!["city"]).ShouldBe("Größe \"7\"");
        ((string?)answer["updated_at"]).ShouldBe("2026-11-24T12:00:00.000Z");
        ((long)answer["impressions"]!).ShouldBe(2);
        ((long)answer["clicks"]!).ShouldBe(1);
        ((string?)answer["first_event"]).ShouldBe("2026-11-24T11:58:20.000Z");
        ((string?)answer["last_event"]).ShouldBe("2026-11-24T11:59:55.000Z");
        ((long)answer["as_of"]!["position"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_customer_may_have_a_profile_or_events_alone()
    {
        var shop = shared.OpenShop();
        await shop.SetAttributesAsync("ann", "{}");
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var ann = (await shop.GetCustomerAsync("ann")).Json;
        (ann["attributes"]!.ToJsonString(), (long)ann["impressions"]!, ann["first_event"]).ShouldBe(("{}", 0, null));
        var other = (await shop.GetCustomerAsync("customer-1")).Json;
        (other["attributes"], other["updated_at"], (long)other["impressions"]!).ShouldBe((null, null, 1));
        (await shop.GetCustomerAsync("nobody")).Status.ShouldBe(404);
        (await shop.Debug.GetCustomerAsync("ann")).Status.ShouldBe(404);
        (await shared.OpenShop().GetCustomerAsync("ann")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb/c")]
    [InlineData("mit Größe?&#")]
    [InlineData("'; DROP TABLE profiles; --")]
    public async Task An_id_may_hold_anything(string customer)
    {
        var shop = shared.OpenShop();
        await shop.SetAttributesAsync(customer, """{"a":1}""");
        ((string?)(await shop.GetCustomerAsync(customer)).Json["customer_id"]).ShouldBe(customer);
        (await shop.RemoveProfileAsync(customer)).Status.ShouldBe(204);
        (await shop.GetCustomerAsync(customer)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_removed_profile_is_gone_at_once_and_the_events_stay()
    {
        var shop = shared.OpenShop();
        await shop.SetAttributesAsync("customer-1", """{"a":1}""");
        await shop.Debug.SetAttributesAsync("customer-1", """{"a":2}""");
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();

        (await shop.RemoveProfileAsync("customer-1")).Status.ShouldBe(204);
        var left = (await shop.GetCustomerAsync("customer-1")).Json;
        (left["attributes"], left["updated_at"], (long)left["impressions"]!).ShouldBe((null, null, 1));
        (await shop.RemoveProfileAsync("customer-1")).Status.ShouldBe(404);
        (await shop.Debug.GetCustomerAsync("customer-1")).Json["attributes"]!.ToJsonString().ShouldBe("""{"a":2}""");

        await shop.SetAttributesAsync("customer-1", """{"b":1}""");
        (await shop.GetCustomerAsync("customer-1")).Json["attributes"]!.ToJsonString().ShouldBe("""{"b":1}""");
    }

    [Fact]
    public async Task A_removed_profile_stays_gone_when_the_projection_is_rebuilt()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await shop.SetAttributesAsync("ann", """{"a":1}""");
            await shop.SetAttributesAsync("bob", """{"a":1}""");
            (await shop.RemoveProfileAsync("ann")).Status.ShouldBe(204);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var rebuilt = await TestServer.StartAsync(folder.Path);
        (await shop.On(rebuilt).GetCustomerAsync("ann")).Status.ShouldBe(404);
        (await shop.On(rebuilt).GetCustomerAsync("bob")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task There_is_no_profile_to_remove_where_there_are_only_events_or_nothing()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.RemoveProfileAsync("customer-1")).Status.ShouldBe(404);
        (await shop.RemoveProfileAsync("nobody")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Credentials_are_needed()
    {
        var shop = shared.OpenShop();
        await shop.SetAttributesAsync("ann", "{}");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            (await shop.SendAsync(method, "/api/v1/customers/ann", static request => Shop.AddHeader(request.Headers, "Authorization", null))).Status.ShouldBe(401);
        }

        (await shop.GetCustomerAsync("ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_removal_that_cannot_be_stored_is_503_and_removes_nothing()
    {
        TestCluster.SkipWhereAsked();
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await shop.SetAttributesAsync("ann", "{}");
        }

        await using var full = await TestServer.StartAsync(
            folder.Path, static options => options with { Journal = options.Journal with { ReservedBytes = long.MaxValue / 2 } });
        var answer = await shop.On(full).RemoveProfileAsync("ann");
        answer.Status.ShouldBe(503);
        answer.Header("Retry-After").ShouldNotBeNull();
        (await shop.On(full).GetCustomerAsync("ann")).Status.ShouldBe(200);
    }
}
