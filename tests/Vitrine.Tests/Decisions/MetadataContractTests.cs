using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

public sealed class MetadataContractTests(SharedServer shared)
{
    private const string Path = "/v1/experiences/metadata";

    [Theory]
    [InlineData("", """{"metadata":{"count":3,"experiences":[{"experience_name":"Active experience","experience_key":"active-one","status":"Active"},{"experience_name":"Paused experience","experience_key":"paused-one","status":"Paused"},{"experience_name":"Scheduled experience","experience_key":"scheduled-one","status":"Scheduled"}]}}""")]
    [InlineData("?status=Paused", """{"metadata":{"count":1,"experiences":[{"experience_name":"Paused experience","experience_key":"paused-one","status":"Paused"}]}}""")]
    [InlineData("?status=Scheduled,Active", """{"metadata":{"count":2,"experiences":[{"experience_name":"Active experience","experience_key":"active-one","status":"Active"},{"experience_name":"Scheduled experience","experience_key":"scheduled-one","status":"Scheduled"}]}}""")]
    [InlineData("?status=active,Draft,Expired", """{"metadata":{"count":0,"experiences":[]}}""")]
    public async Task Experiences_are_listed_by_status(string query, string expected)
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document("a-draft"));
        await shop.PublishedAsync(Authoring.Document("active-one", "Active experience"));
        await shop.PublishedAsync(Authoring.Document("archived-one"));
        await shop.StepAsync("archived-one", "archive");
        await shop.PublishedAsync(Authoring.Document("paused-one", "Paused experience"));
        await shop.StepAsync("paused-one", "pause");
        var scheduled = Authoring.Document("scheduled-one", "Scheduled experience");
        scheduled["start"] = "2999-01-01T00:00";
        await shop.PublishedAsync(scheduled);
        var answer = await shop.GetAsync(Path + query);
        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldBe(expected);
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_so_in_the_words_of_the_contract()
    {
        var shop = shared.OpenShop();
        (await new Shop(shop.Server, shop.Id, "wrong-key-entirely").GetAsync(Path)).ShouldBeError(401, "Authentication required");
        (await new Shop(shop.Server, "NOBODY", shop.Key).GetAsync(Path)).ShouldBeError(400, "Request Error");
    }
}
