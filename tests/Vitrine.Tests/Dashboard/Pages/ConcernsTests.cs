using Vitrine.Dashboard.Pages;
using Vitrine.Tests.Decisions;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Experiments;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Dashboard.Pages;

public sealed class ConcernsTests(SharedServer shared)
{
    private const long Day = 86_400;

    [Fact]
    public async Task Where_all_is_well_there_is_nothing_to_say()
    {
        var shop = shared.OpenShop();
        var id = await PublishAsync(shop);
        await shop.ShowAsync("0", 2, 1, experience: id, time: Clock.Now - (3 * Day));
        await shop.ShowAsync("0", 2, 1, experience: id, time: Clock.Now - 3600);
        (await ReadAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_active_experience_that_is_shown_no_more_went_silent()
    {
        var shop = shared.OpenShop();
        var id = await PublishAsync(shop);
        await shop.ShowAsync("0", 5, 1, experience: id, time: Clock.Now - (3 * Day));
        var concern = (await ReadAsync(shop)).ShouldHaveSingleItem();
        concern.ExperienceId.ShouldBe(id);
        concern.Text.ShouldContain("“Checkout banner” is active and went silent");
        concern.Text.ShouldContain("5 times in the week before");
        await shop.StepAsync("checkout-banner", "pause");
        (await ReadAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rejected_events_are_named_with_the_reason_of_most()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: static one => one.Remove("cid")))).Status.ShouldBe(400);
        var concern = (await ReadAsync(shop)).ShouldHaveSingleItem();
        concern.Text.ShouldStartWith("1 of 1 events since yesterday were rejected, most for ");
        concern.Page.ShouldBe("live");
    }

    [Fact]
    public async Task What_is_fetched_and_never_shown_is_named()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var id = await PublishAsync(shop);
        server.Time.Advance(TimeSpan.FromDays(3));
        await shop.FetchedAsync("grace", "checkout-banner");
        await server.DeliveredAsync();
        var concern = (await ReadAsync(shop)).ShouldHaveSingleItem();
        concern.ExperienceId.ShouldBe(id);
        concern.Text.ShouldContain("1 delivered since yesterday and none reported as shown");
    }

    private static async Task<string> PublishAsync(Shop shop) => (string)(await shop.PublishedAsync(Experiences.Authoring.Document()))["id"]!;

    private static Task<IReadOnlyList<Concern>> ReadAsync(Shop shop) => shop.Server.Service<Concerns>().ReadAsync(
        shop.Server.Service<ICatalog>().Current.Find(shop.Id)!, TestContext.Current.CancellationToken);
}
