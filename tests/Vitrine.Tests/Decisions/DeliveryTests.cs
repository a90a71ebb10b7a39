using Vitrine.Decisions;
using Vitrine.Projection;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>Delivered, shown and clicked stand beside each other.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_client_that_fetches_and_reports_nothing_is_visible_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        await FetchAsync(shop, 10);
        await server.DeliveredAsync();
        var line = (await shop.ReadAsync("/api/v1/reports/experiences"))["experiences"]!.AsArray().ShouldHaveSingleItem()!;
        line.ToJsonString().ShouldBe($$"""{"id":"{{id}}","name":"Checkout banner","delivered":10,"impressions":0,"clicks":0,"ctr":null,"unique_impressions":0,"unique_clicks":0,"unique_ctr":null}""");
        var report = await shop.ReadAsync($"/api/v1/reports/experiences/{id}?by=variation");
        ((int)report["total"]!["delivered"]!).ShouldBe(10);
        report["groups"]!.AsArray().Select(static one => (string)one!["variation"]!).ShouldBe(["0", "1"]);
        report["groups"]!.AsArray().Sum(static one => (int)one!["total"]!["delivered"]!).ShouldBe(10);
    }

    [Fact]
    public async Task Deliveries_are_told_by_hour_and_variation_and_not_by_what_only_an_impression_says()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop("Asia/Kathmandu");
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        for (var hour = 0; hour < 3; hour++)
        {
            await FetchAsync(shop, hour + 1);
            server.Time.Advance(TimeSpan.FromHours(1));
        }

        await server.DeliveredAsync();
        var context = (await shop.FetchedAsync("customer-0"))["checkout-banner"]!["experience_context"]!.DeepClone();
        var body = Bodies.One();
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        (body["elements"]![0]!["actions"]![0]!["attributes"], body["elements"]![0]!["actions"]![0]!["event_time"]) = (context, now);
        (await shop.PostAsync(body)).ShouldBeAccepted();
        await server.DeliveredAsync();
        var report = await shop.ReadAsync($"/api/v1/reports/experiences/{id}?scale=hour");
        var buckets = report["groups"]![0]!["buckets"]!.AsArray();
        buckets.Sum(static one => (int)one!["delivered"]!).ShouldBe(7);
        buckets.Sum(static one => (int)one!["impressions"]!).ShouldBe(1);
        ((int)(await shop.ReadAsync($"/api/v1/reports/experiences/{id}?by=audience,variation"))["groups"]!.AsArray().Sum(static one => (int)one!["total"]!["delivered"]!)).ShouldBe(7);
        var byPlatform = await shop.ReadAsync($"/api/v1/reports/experiences/{id}?by=platform");
        ((int)byPlatform["total"]!["delivered"]!).ShouldBe(7);
        byPlatform["groups"]!.AsArray().ShouldHaveSingleItem()!["total"]!["delivered"].ShouldBeNull();
        var table = await shop.GetAsync($"/api/v1/reports/experiences/{id}?by=variation", "text/csv");
        table.Text.Split('\n')[0].TrimEnd().ShouldEndWith(",delivered");
    }

    [Fact]
    public async Task What_was_delivered_is_counted_exactly_once_over_restarts_and_rebuilds()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        string id;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
            await FetchAsync(shop, 5);
            await server.DeliveredAsync();
            await FetchAsync(shop, 6); // Written when the server stops.
        }

        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            ((int)(await shop.On(server).ReadAsync($"/api/v1/reports/experiences/{id}"))["total"]!["delivered"]!).ShouldBe(11);
        }

        File.Delete(ProjectionPaths.In(folder.Path).File);
        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        ((int)(await shop.On(again).ReadAsync($"/api/v1/reports/experiences/{id}"))["total"]!["delivered"]!).ShouldBe(11);
    }

    [Fact]
    public void Counts_that_cannot_be_kept_do_not_pile_up()
    {
        var counters = new DeliveryCounters();
        var counter = counters.Of(new Delivery("SHOP", "66d5", "Banner", 1, "1", "Everybody", "0"));
        for (var second = 0; second < 1000; second++)
        {
            counter.Count((Clock.Now + second) * 1000);
            counters.GiveBack(counters.Take());
        }

        var taken = counters.Take();
        taken.Count.ShouldBeLessThanOrEqualTo(2); // Hours.
        taken.Sum(static one => one.Count).ShouldBe(1000);
    }

    private static async Task FetchAsync(Shop shop, int customers)
    {
        foreach (var customer in Enumerable.Range(0, customers))
        {
            (await shop.FetchedAsync($"customer-{customer}")).Count.ShouldBe(1);
        }
    }
}
