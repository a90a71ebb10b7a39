using System.Text.Json.Nodes;
using Vitrine.Projection;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>What is known of a customer decides and fills in.</summary>
public sealed class ProfileDecisionTests(SharedServer shared)
{
    [Fact]
    public async Task Attributes_that_were_reported_are_decided_by()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(ForGold());
        (await shop.FetchedAsync("ada-1")).Count.ShouldBe(0);
        (await shop.PostAsync(Bodies.One(static element => (element["customer_id"], element["user_attributes"]) =
            ("ada-1", new JsonObject { ["plan"] = "gold", ["first_name"] = "Ada" })))).ShouldBeAccepted();
        await shop.Server.ProjectedAsync();
        ((string)(await shop.FetchedAsync("ada-1"))["checkout-banner"]!["payload"]!["title"]!["value"]!).ShouldBe("Hello Ada");
        (await shop.Debug.FetchedAsync("ada-1")).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_profile_is_set_found_by_identifier_and_gone_when_it_is_removed()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(ForGold());
        var body = new JsonObject
        {
            ["type"] = "customer",
            ["customer_id"] = "ada-2",
            ["attributes"] = new JsonObject { ["plan"] = "gold", ["u_em"] = "ada@shop.example" },
        };
        (await shop.SendAsync(HttpMethod.Post, $"/v1/customer/{shop.Id}", body)).Status.ShouldBe(200);
        await shop.Server.ProjectedAsync();
        var byId = (await shop.FetchedAsync("ada-2"))["checkout-banner"]!;
        ((string)byId["payload"]!["title"]!["value"]!).ShouldBe("Hello there");
        var byMail = JsonNode.Parse("""{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example"}}}""")!.AsObject();
        (await shop.FetchedAsync(byMail))["checkout-banner"]!.ToJsonString().ShouldBe(byId.ToJsonString());
        (await shop.SendAsync(HttpMethod.Delete, "/api/v1/customers/ada-2")).Status.ShouldBe(204);
        await shop.Server.ProjectedAsync();
        (await shop.FetchedAsync("ada-2")).Count.ShouldBe(0);
        (await shop.FetchedAsync(byMail)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_preview_shows_the_profile_that_it_decided_by()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(ForGold());
        (await shop.PostAsync(Bodies.One(static element => (element["customer_id"], element["user_attributes"]) =
            ("ada-3", new JsonObject { ["plan"] = "silver" })))).ShouldBeAccepted();
        await shop.Server.ProjectedAsync();
        var preview = (await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/preview", JsonNode.Parse("""{"identifiers":{"customer_id":"ada-3"}}"""))).Json;
        preview["profile"]!.ToJsonString().ShouldBe("""{"plan":"silver"}""");
        ((string)preview["audiences"]![0]!["match"]!["actual"]!).ShouldBe("silver");
        ((string)preview["outcome"]!).ShouldBe("USER_NOT_IN_SEGMENT");
    }

    [Fact]
    public async Task What_a_customer_did_is_decided_by()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"]![0]!["exclude"] = JsonNode.Parse("""{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","experience":"checkout-banner","op":"gte","value":2,"days":7}""");
        await shop.PublishedAsync(document);
        await CountedAsync(shop, "ada-4");
        for (var shown = 0; shown < 2; shown++)
        {
            var delivered = await shop.FetchedAsync("ada-4");
            delivered.Count.ShouldBe(1, $"shown {shown} times");
            var context = delivered["checkout-banner"]!["experience_context"]!.DeepClone();
            (await shop.PostAsync(Bodies.One(
                static element => element["customer_id"] = "ada-4",
                action => (action["attributes"], action["event_time"]) = (context, shop.Server.Time.GetUtcNow().ToUnixTimeSeconds())))).ShouldBeAccepted();
            await shop.Server.ProjectedAsync();
        }

        (await shop.FetchedAsync("ada-4")).Count.ShouldBe(0);
        (await shop.FetchedAsync("ada-5")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_customer_ordered_is_decided_by()
    {
        var shop = shared.OpenShop();
        (await shop.PostGoalsAsync("ada-6", new JsonObject { ["action"] = "Ordered" })).ShouldBeAccepted();
        await shop.Server.ProjectedAsync();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"source":"behaviour","name":"Ordered","op":"gte","value":2,"days":7}""");
        await shop.PublishedAsync(document);
        await CountedAsync(shop, "ada-6");
        (await shop.FetchedAsync("ada-6")).Count.ShouldBe(0);
        (await shop.PostGoalsAsync("ada-6", new JsonObject { ["action"] = "Ordered" }, new JsonObject { ["action"] = "Subscribed" })).ShouldBeAccepted();
        await shop.Server.ProjectedAsync();
        (await shop.FetchedAsync("ada-6")).Count.ShouldBe(1);
        (await shop.FetchedAsync("ada-7")).Count.ShouldBe(0);
    }

    /// <summary>A cap that is written as "not so often" would let everybody pass while nobody can tell how often.</summary>
    [Fact]
    public async Task While_what_customers_did_is_being_counted_nobody_is_decided_for_by_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        for (var shown = 0; shown < 3; shown++)
        {
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "ada-8"))).ShouldBeAccepted();
        }

        await server.ProjectedAsync();
        server.Everywhere<Projector>().ToList().ForEach(static projector => projector.Stop()); // Nothing is counted while the projection is closed.
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"not":{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","op":"gte","value":3}}""");
        await shop.PublishedAsync(document);
        await shop.PublishedAsync(Authoring.Document("other-banner", "Other banner"));
        (await shop.FetchAsync("""{"identifiers":{"customer_id":"ada-8"}}""")).ShouldBeError(503, "Service Unavailable").Header("Retry-After").ShouldNotBeNull();
        (await shop.FetchAsync("""{"identifiers":{"customer_id":"ada-8"},"experience_key":["checkout-banner"]}""")).Status.ShouldBe(503);
        (await shop.FetchedAsync("ada-8", "other-banner")).Count.ShouldBe(1);
        (await shop.FetchedAsync()).Count.ShouldBe(1); // Somebody unknown gets what asks nothing of him.
    }

    [Fact]
    public async Task An_experience_that_a_condition_names_may_be_made_later()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document("follow-up", "Follow up");
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","experience":"checkout-banner","op":"gte","value":1}""");
        await shop.PublishedAsync(document);
        await shop.PublishedAsync(Authoring.Document());
        await CountedAsync(shop, "ada-9");
        var context = (await shop.FetchedAsync("ada-9", "checkout-banner"))["checkout-banner"]!["experience_context"]!.DeepClone();
        (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "ada-9", action => action["attributes"] = context))).ShouldBeAccepted();
        await shop.Server.ProjectedAsync();
        (await shop.FetchedAsync("ada-9", "follow-up")).Count.ShouldBe(1);
    }

    private static Task CountedAsync(Shop shop, string customer) => Eventually.BeTrueAsync(
        async () => (await shop.FetchAsync(new JsonObject { ["identifiers"] = new JsonObject { ["customer_id"] = customer } }.ToJsonString())).Status == 200);

    private static JsonObject ForGold()
    {
        var document = Authoring.Document();
        document["audiences"] = JsonNode.Parse("""
            [{"name":"Gold","match":{"source":"user","name":"plan","op":"equals","value":"gold"},
              "variations":[{"name":"Only","payload":{"title":{"data_type":"string","value":"Hello {{ user.first_name | default: \"there\" }}"}}}]}]
            """);
        return document;
    }
}
