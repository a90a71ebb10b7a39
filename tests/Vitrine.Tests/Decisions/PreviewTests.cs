using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

public sealed class PreviewTests(SharedServer shared)
{
    private const string Path = "/api/v1/experiences/checkout-banner/preview";

    [Fact]
    public async Task A_preview_says_what_and_why_condition_by_condition_with_the_bucket()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        var mail = Authoring.Audience("By e-mail", ("Mail", 100));
        mail["match"] = JsonNode.Parse("""{"all":[{"source":"request","name":"utm_medium","op":"equals","value":"email"},{"source":"request","name":"visits","op":"gt","value":3}]}""");
        document["audiences"]!.AsArray().Insert(0, mail);
        document["control_group"] = new JsonObject { ["percent"] = 0.01 };
        await shop.DraftAsync(document);
        var preview = await PreviewAsync(shop, """{"identifiers":{"customer_id":"ada"},"utm_medium":"email"}""");
        ((string)preview["version"]!).ShouldBe("draft");
        ((string)preview["status"]!).ShouldBe("Draft");
        ((string)preview["outcome"]!).ShouldBe("DELIVERED");
        preview["audiences"]!.AsArray().Select(static one => (bool)one!["fits"]!).ShouldBe([false, true]);
        var parts = preview["audiences"]![0]!["match"]!["all"]!.AsArray();
        parts.Select(static one => (bool)one!["holds"]!).ShouldBe([true, false]);
        ((string)parts[0]!["actual"]!).ShouldBe("email");
        parts[1]!["note"].ShouldNotBeNull("an attribute that is missing cannot be compared");
        var assignment = preview["assignment"]!;
        ((int)assignment["bucket"]!).ShouldBeInRange(0, 9_999);
        ((string)preview["delivery"]!["experience_context"]!["moe_variation_id"]!).ShouldBe((string)assignment["variation_id"]!);
        ((bool)preview["control_group"]!["in"]!).ShouldBeFalse();
        (await shop.ReadAsync("/api/v1/reports/experiences"))["experiences"]!.AsArray().ShouldBeEmpty("nothing is counted");
    }

    [Fact]
    public async Task A_preview_of_what_is_live_is_what_fetch_delivers()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["audiences"] = new JsonArray(Authoring.Audience("Everybody", ("Green", 100))) });
        foreach (var customer in Enumerable.Range(0, 20))
        {
            var body = new JsonObject { ["identifiers"] = new JsonObject { ["customer_id"] = $"customer-{customer}" } };
            var live = await PreviewAsync(shop, body.ToJsonString(), "live");
            live["delivery"]!.ToJsonString().ShouldBe((await shop.FetchedAsync(body))["checkout-banner"]!.ToJsonString());
            (await PreviewAsync(shop, body.ToJsonString()))["delivery"]!["payload"]!["color"]!["value"]!.ToString().ShouldBe("Green");
        }
    }

    [Fact]
    public async Task A_preview_for_nobody_says_that_audiences_that_ask_about_the_user_do_not_fit()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"]![0]!["exclude"] = JsonNode.Parse("""{"source":"user","name":"plan","op":"equals","value":"gold"}""");
        await shop.DraftAsync(document);
        var preview = await PreviewAsync(shop, "{}");
        ((string)preview["outcome"]!).ShouldBe("USER_NOT_IN_SEGMENT");
        ((string)preview["audiences"]![0]!["note"]!).ShouldContain("nobody is named");
        preview["assignment"].ShouldBeNull();
    }

    [Theory]
    [InlineData("?version=2", 404)]
    [InlineData("?version=latest", 404)]
    [InlineData("?version=live", 404)]
    [InlineData("?versions=1", 400)]
    public async Task A_version_that_there_is_not_is_refused(string query, int status)
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await shop.SendAsync(HttpMethod.Post, Path + query, new JsonObject())).Status.ShouldBe(status);
    }

    private static async Task<JsonObject> PreviewAsync(Shop shop, string body, string version = "draft")
    {
        var answer = await shop.SendAsync(HttpMethod.Post, $"{Path}?version={version}", JsonNode.Parse(body));
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }
}
