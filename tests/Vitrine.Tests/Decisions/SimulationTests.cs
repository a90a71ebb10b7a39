using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

public sealed class SimulationTests(SharedServer shared)
{
    private const string Path = "/api/v1/experiences/checkout-banner/simulate";
    private const int Customers = 400;

    [Fact]
    public async Task Known_customers_are_replayed_and_those_counted_for_whom_a_version_changes_something()
    {
        var shop = shared.OpenShop();
        await PostCustomersAsync(shop);
        var document = Authoring.Document();
        var gold = Authoring.Audience("Gold", ("Bright", 100));
        gold["match"] = JsonNode.Parse("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
        document["audiences"]!.AsArray().Insert(0, gold);
        await shop.PublishedAsync(document);
        await shop.ChangedAsync("checkout-banner", new JsonObject
        {
            ["audiences"] = new JsonArray(gold.DeepClone(), Authoring.Audience("Everybody", ("Red", 30), ("Blue", 70))),
        });
        await shop.Server.ProjectedAsync();
        var answer = await SimulateAsync(shop, new JsonObject());
        ((int)answer["customers"]!).ShouldBe(Customers);
        ((bool)answer["complete"]!).ShouldBeTrue();
        answer["versions"]!.AsArray().Select(static one => (string)one!["version"]!).ShouldBe(["live", "draft"]);
        Count(answer, 0, "Gold", "Bright").ShouldBe(Customers / 4);
        Count(answer, 1, "Gold", "Bright").ShouldBe(Customers / 4);
        var moved = Count(answer, 0, "Everybody", "Red") - Count(answer, 1, "Everybody", "Red");
        moved.ShouldBeInRange(20, 110, "a fifth of 300");
        ((int)answer["changed"]!).ShouldBe(moved);
        var change = answer["changes"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)change["from"]!["variation_name"]!).ShouldBe("Red");
        ((string)change["to"]!["variation_name"]!).ShouldBe("Blue");
        var example = (string)change["examples"]![0]!;
        ((string)(await shop.FetchedAsync(example))["checkout-banner"]!["payload"]!["color"]!["value"]!).ShouldBe("Red");
        await shop.StepAsync("checkout-banner", "publish");
        ((string)(await shop.FetchedAsync(example))["checkout-banner"]!["payload"]!["color"]!["value"]!).ShouldBe("Blue");
    }

    [Fact]
    public async Task What_customers_did_lately_counts_up_to_now_also_without_a_request()
    {
        var shop = shared.OpenShop();
        (await shop.PostGoalsAsync("ada", new JsonObject { ["action"] = "Ordered" })).ShouldBeAccepted();
        await shop.SetAttributesAsync("bea", """{"plan":"gold"}""");
        await shop.Server.ProjectedAsync();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"source":"behaviour","name":"Ordered","op":"gte","value":1,"days":7}""");
        await shop.PublishedAsync(document);
        await Eventually.BeTrueAsync(async () => (await shop.FetchAsync("""{"identifiers":{"customer_id":"ada"}}""")).Status == 200);
        var outcomes = (await SimulateAsync(shop, new JsonObject()))["versions"]![0]!["outcomes"]!.AsArray();
        outcomes.Select(static one => ((string)one!["what"]!["outcome"]!, (int)one["customers"]!)).Order().ShouldBe([("DELIVERED", 1), ("USER_NOT_IN_SEGMENT", 1)]);
    }

    [Fact]
    public async Task A_limit_ends_the_replay_and_is_told()
    {
        var shop = shared.OpenShop();
        await PostCustomersAsync(shop);
        await shop.DraftAsync(Authoring.Document());
        await shop.Server.ProjectedAsync();
        var answer = await SimulateAsync(shop, new JsonObject { ["limit"] = 10, ["request"] = JsonNode.Parse("""{"utm_medium":"email"}""") });
        ((int)answer["customers"]!).ShouldBe(10);
        ((bool)answer["complete"]!).ShouldBeFalse();
        answer["changes"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"limit":0}""", 400)]
    [InlineData("""{"versions":[]}""", 400)]
    [InlineData("""{"versions":["draft","draft","draft"]}""", 400)]
    [InlineData("""{"versions":["7"]}""", 404)]
    [InlineData("""{"versions":7}""", 400)]
    [InlineData("""{"request":{"DAY_OF_THE_WEEK":"funday"}}""", 400)]
    public async Task What_cannot_be_simulated_is_refused(string body, int status)
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await shop.SendAsync(HttpMethod.Post, Path, JsonNode.Parse(body))).Status.ShouldBe(status);
    }

    private static async Task PostCustomersAsync(Shop shop)
    {
        foreach (var chunk in Enumerable.Range(0, Customers).Chunk(100))
        {
            var elements = chunk.Select(static number =>
            {
                var element = Bodies.Element(Bodies.Action());
                element["customer_id"] = $"customer-{number}";
                element["user_attributes"] = new JsonObject { ["plan"] = number % 4 == 0 ? "gold" : "free" };
                return element;
            });
            (await shop.PostAsync(Bodies.Of([.. elements]))).ShouldBeAccepted();
        }
    }

    private static int Count(JsonObject answer, int version, string audience, string variation) => (int)answer["versions"]![version]!["outcomes"]!.AsArray()
        .Single(one => (string?)one!["what"]!["audience_name"] == audience && (string?)one["what"]!["variation_name"] == variation)!["customers"]!;

    private static async Task<JsonObject> SimulateAsync(Shop shop, JsonObject body)
    {
        var answer = await shop.SendAsync(HttpMethod.Post, Path, body);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }
}
