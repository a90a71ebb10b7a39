using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences;

public sealed class ExperienceListTests(SharedServer shared)
{
    [Theory]
    [InlineData("", "alpha-draft beta-active delta-paused")]
    [InlineData("?status=Active,Paused", "beta-active delta-paused")]
    [InlineData("?status=Archived", "gamma-archived")]
    [InlineData("?tag=sale", "alpha-draft delta-paused")]
    [InlineData("?tag=Sale", "")]
    [InlineData("?text=BETA", "beta-active")]
    [InlineData("?text=spring", "delta-paused")]
    [InlineData("?text=spring&status=Draft", "")]
    public async Task Experiences_are_found_by_status_tag_and_text(string query, string keys) =>
        Keys(await (await ShopAsync()).ReadAsync(Authoring.Path + query)).ShouldBe(keys);

    [Fact]
    public async Task Pages_follow_each_other_and_say_how_many_there_are()
    {
        var shop = await ShopAsync();
        var first = await shop.ReadAsync(Authoring.Path + "?limit=2");
        Keys(first).ShouldBe("alpha-draft beta-active");
        ((int)first["count"]!).ShouldBe(3);
        var second = await shop.ReadAsync($"{Authoring.Path}?limit=2&after={first["next"]}");
        Keys(second).ShouldBe("delta-paused");
        second["next"].ShouldBeNull();
    }

    [Theory]
    [InlineData("?status=active", "Draft, Scheduled, Active")]
    [InlineData("?limit=0", "from 1 to 200")]
    [InlineData("?limit=201", "from 1 to 200")]
    [InlineData("?label=x", "it takes status")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, string reason)
    {
        var answer = await shared.OpenShop().GetAsync(Authoring.Path + query);
        answer.Status.ShouldBe(400);
        ((string)answer.Json["detail"]!).ShouldContain(reason);
    }

    private async Task<Shop> ShopAsync()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Tagged("alpha-draft", "First draft", "sale"));
        await shop.PublishedAsync(Tagged("beta-active", "Second one"));
        await shop.PublishedAsync(Tagged("gamma-archived", "Third one", "sale"));
        await shop.StepAsync("gamma-archived", "archive");
        await shop.PublishedAsync(Tagged("delta-paused", "Spring offer", "sale", "new"));
        await shop.StepAsync("delta-paused", "pause");
        return shop;
    }

    private static JsonObject Tagged(string key, string name, params string[] tags)
    {
        var document = Authoring.Document(key, name);
        document["tags"] = new JsonArray([.. tags.Select(static tag => (JsonNode)tag)]);
        return document;
    }

    private static string Keys(JsonObject list) => string.Join(' ', list["experiences"]!.AsArray().Select(static one => (string)one!["key"]!));
}
