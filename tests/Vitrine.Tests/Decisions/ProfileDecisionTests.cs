using System.Text.Json.Nodes;
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
        await Eventually.BeTrueAsync(async () => (await shop.FetchedAsync("ada-4")).Count == 1);
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
