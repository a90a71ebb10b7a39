using System.Text.Json.Nodes;
using Vitrine.Journal.Records;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Delivered → shown → clicked: what a client fetched stands beside what it reported.</summary>
public sealed class DeliveredTests(SharedServer shared)
{
    private const string Experience = "66d55ae445921e4d35ae4368";
    private const string Path = "/api/v1/reports/experiences/" + Experience;

    private static readonly DeliveredCount One = new(Experience, "Hero of the fetch", 1, "5A", "Everyone", "2", At("2026-11-24T10:00:00Z"), 5);

    [Fact]
    public async Task What_was_fetched_and_never_reported_is_in_the_list_and_has_a_report()
    {
        var shop = shared.OpenShop();
        await AppendAsync(shop, One with { ExperienceName = "Before", Hour = One.Hour - 5 }, One, One with { ExperienceId = "a first one", Delivered = 2 });
        (await shop.ReadAsync("/api/v1/reports/experiences"))["experiences"]!.AsArray().Select(static one => $"{one!["id"]} {one["name"]} {one["delivered"]} {one["impressions"]}")
            .ShouldBe([$"{Experience} Hero of the fetch 10 0", "a first one Hero of the fetch 2 0"]);
        var report = await shop.ReadAsync(Path + "?by=variation&scale=hour");
        ((string)report["experience"]!["name"]!).ShouldBe("Hero of the fetch");
        report["total"]!.ToJsonString().ShouldBe("""{"delivered":10,"impressions":0,"clicks":0,"ctr":null,"unique_impressions":0,"unique_clicks":0,"unique_ctr":null}""");
        Delivered(report["groups"]![0]!["buckets"]!).ShouldBe(["2026-11-24T05:00:00Z: 5", "2026-11-24T10:00:00Z: 5"]);
    }

    [Fact]
    public async Task It_stands_beside_what_was_shown_and_clicked()
    {
        var shop = shared.OpenShop();
        await AppendAsync(shop, One, One with { VariationId = "1", Delivered = 3 });
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var report = await shop.ReadAsync(Path + "?by=audience,variation");
        ((string)report["experience"]!["name"]!).ShouldBe("Hero banner"); // As it was last reported.
        report["groups"]!.AsArray().Select(static group => $"{group!["variation"]} {group["total"]!["delivered"]} {group["total"]!["impressions"]}").ShouldBe(["1 3 0", "2 5 1"]);
        (await shop.GetAsync(Path + "?by=variation", "text/csv")).Text.ShouldBe(
            "variation,impressions,clicks,ctr,unique_impressions,unique_clicks,unique_ctr,delivered\r\n1,0,0,,0,0,,3\r\n2,1,0,0,1,0,0,5\r\n");
        (await shop.GetAsync("/api/v1/reports/experiences", "text/csv")).Text.ShouldBe(
            $"id,name,impressions,clicks,ctr,unique_impressions,unique_clicks,unique_ctr,delivered\r\n{Experience},Hero banner,1,0,0,1,0,0,8\r\n");
    }

    [Theory]
    [InlineData("platform")]
    [InlineData("locale")]
    [InlineData("click_target")]
    [InlineData("variation,platform")]
    public async Task Where_deliveries_have_no_such_dimension_only_the_whole_says_how_many(string by)
    {
        var shop = shared.OpenShop();
        await AppendAsync(shop, One);
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var report = await shop.ReadAsync($"{Path}?by={by}&scale=day");
        ((long?)report["total"]!["delivered"]).ShouldBe(5);
        var group = report["groups"]!.AsArray().ShouldHaveSingleItem()!;
        group["total"]!.AsObject().ContainsKey("delivered").ShouldBeTrue();
        group["total"]!["delivered"].ShouldBeNull();
        group["buckets"]!.AsArray().ShouldHaveSingleItem()!["delivered"].ShouldBeNull();
    }

    /// <summary>Kathmandu is 5:45 ahead: the hour of 10:00 UTC begins there at 15:45.</summary>
    [Theory]
    [InlineData("hour", "2026-11-24T15:00:00+05:45")]
    [InlineData("day", "2026-11-24T00:00:00+05:45")]
    [InlineData("week", "2026-11-23T00:00:00+05:45")]
    [InlineData("month", "2026-11-01T00:00:00+05:45")]
    public async Task An_hour_counts_to_the_bucket_in_which_it_begins(string scale, string start)
    {
        var shop = shared.OpenShop("Asia/Kathmandu");
        await AppendAsync(shop, One);
        Delivered((await shop.ReadAsync($"{Path}?scale={scale}"))["groups"]![0]!["buckets"]!).ShouldBe([$"{start}: 5"]);
    }

    [Theory]
    [InlineData("2026-11-24T10:00:00Z", "2026-11-24T10:00:01Z", 5)]
    [InlineData("2026-11-24T10:00:01Z", "2026-11-24T11:00:00Z", 0)]
    [InlineData("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z", 0)]
    public async Task An_hour_counts_to_the_range_in_which_it_begins(string from, string to, long delivered)
    {
        var shop = shared.OpenShop();
        await AppendAsync(shop, One);
        ((long)(await shop.ReadAsync($"{Path}?from={from}&to={to}"))["total"]!["delivered"]!).ShouldBe(delivered);
        ((long)(await shop.ReadAsync($"/api/v1/reports/experiences?from={from}&to={to}"))["experiences"]![0]!["delivered"]!).ShouldBe(delivered);
    }

    [Fact]
    public async Task Who_asks_by_a_key_is_told_the_id()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.DraftAsync(Authoring.Document("homepage-banner")))["id"]!;
        var answer = await shop.GetAsync("/api/v1/reports/experiences/homepage-banner");
        answer.Status.ShouldBe(404);
        ((string)answer.Json["detail"]!).ShouldBe($"'homepage-banner' is the key of an experience. Reports ask by its id: {id}.");
    }

    [Fact]
    public async Task Environments_and_shops_share_none()
    {
        var shop = shared.OpenShop();
        await AppendAsync(shop.Debug, One);
        (await shop.ReadAsync("/api/v1/reports/experiences"))["experiences"]!.AsArray().ShouldBeEmpty();
        var answer = await shop.GetAsync(Path);
        answer.Status.ShouldBe(404);
        ((string)answer.Json["detail"]!).ShouldBe($"An experience '{Experience}' was never delivered, and no event of it was ever received. The id is the part of the cid before its first '_'.");
        ((long)(await shop.Debug.ReadAsync(Path))["total"]!["delivered"]!).ShouldBe(5);
    }

    private static long At(string time) => DateTimeOffset.Parse(time, null).ToUnixTimeSeconds() / 3600;

    private static IEnumerable<string> Delivered(JsonNode buckets) => buckets.AsArray().Select(static bucket => $"{bucket!["start"]}: {bucket["delivered"]}");

    private static Task<long> AppendAsync(Shop shop, params DeliveredCount[] counts) =>
        GeneratedDelivery.AppendAsync(shop.Server, new DeliveredCounts(shop.Server.Time.GetUtcNow().ToUnixTimeMilliseconds(), shop.Id, counts));
}
