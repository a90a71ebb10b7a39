using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class ReportRangeTests(SharedServer shared)
{
    private const string Experience = "66d55ae445921e4d35ae4368";

    [Theory]
    [InlineData("from=2026-03-29T01:00:00Z", 2)]
    [InlineData("from=2026-03-29T01:00:01Z", 1)]
    [InlineData("to=2026-03-29T01:00:00Z", 1)]
    [InlineData("to=2026-03-29T01:00:01Z", 2)]
    [InlineData("from=2026-03-29T01:00:00Z&to=2026-03-29T01:00:00Z", 0)]
    [InlineData("from=2026-03-29T01:00:00Z&to=2026-03-29T01:00:01Z", 1)]
    [InlineData("from=2026-03-29T01:00:00.5Z", 1)]
    [InlineData("to=2026-03-29T01:00:00.5Z", 2)]
    [InlineData("from=2026-03-29T03:00:00%2B02:00", 2)]
    [InlineData("from=2026-03-29T03:00:00+02:00", 2)]
    public async Task From_is_included_and_to_is_not(string query, int impressions)
    {
        var shop = shared.OpenShop();
        foreach (var time in new[] { "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:00:01Z" })
        {
            await ShowAsync(shop, time);
        }

        (await ImpressionsAsync(shop, query)).ShouldBe(impressions);
    }

    [Theory]
    [InlineData("2026-03-28T22:59:59Z", false)]
    [InlineData("2026-03-28T23:00:00Z", true)]
    [InlineData("2026-03-29T21:59:59Z", true)]
    [InlineData("2026-03-29T22:00:00Z", false)]
    public async Task A_date_is_the_local_day_also_when_it_has_23_hours(string time, bool within)
    {
        var shop = shared.OpenShop();
        await ShowAsync(shop, time);
        (await ImpressionsAsync(shop, "from=2026-03-29&to=2026-03-30&tz=Europe/Berlin")).ShouldBe(within ? 1 : 0);
    }

    [Fact]
    public async Task Days_are_the_workspaces_unless_the_question_names_a_zone()
    {
        var shop = shared.OpenShop("Asia/Kathmandu");
        await ShowAsync(shop, "2026-06-01T18:14:59Z");
        await ShowAsync(shop, "2026-06-01T18:15:00Z");

        (await ImpressionsAsync(shop, "from=2026-06-02")).ShouldBe(1);
        (await ImpressionsAsync(shop, "from=2026-06-02&tz=UTC")).ShouldBe(0);
        var report = await shop.ReadAsync($"/api/v1/reports/experiences/{Experience}?scale=day");
        ((string)report["tz"]!).ShouldBe("Asia/Kathmandu");
        report["groups"]![0]!["buckets"]!.AsArray().Select(static bucket => (string)bucket!["start"]!)
            .ShouldBe(["2026-06-01T00:00:00+05:45", "2026-06-02T00:00:00+05:45"]);
    }

    [Theory]
    [InlineData("from=1970-01-02&to=9999-01-01&tz=Europe/Berlin&scale=hour")]
    [InlineData("from=9998-01-01&tz=America/St_Johns&scale=month")]
    [InlineData("to=1970-01-03&tz=Australia/Lord_Howe&scale=week")]
    [InlineData("from=1980-01-01&to=1981-01-01&tz=Europe/Berlin&scale=day")]
    public async Task The_widest_and_the_farthest_ranges_are_answered(string query)
    {
        var shop = shared.OpenShop();
        await ShowAsync(shop, "2026-03-29T01:00:00Z");
        (await ImpressionsAsync(shop, query)).ShouldBe(query.Contains("9999", StringComparison.Ordinal) ? 1 : 0);
        (await shop.GetAsync("/api/v1/ledger?" + query)).Status.ShouldBe(200);
        (await shop.GetAsync("/api/v1/exports/events?" + query[..query.IndexOf("&scale", StringComparison.Ordinal)])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Nothing_in_the_range_is_zero_impressions_and_no_rate()
    {
        var shop = shared.OpenShop();
        await ShowAsync(shop, "2026-03-29T01:00:00Z");
        var report = await shop.ReadAsync($"/api/v1/reports/experiences/{Experience}?from=2026-04-01&by=variation&scale=day");
        report["total"]!.ToJsonString().ShouldBe(
            """{"delivered":0,"impressions":0,"clicks":0,"ctr":null,"unique_impressions":0,"unique_clicks":0,"unique_ctr":null}""");
        report["groups"]!.AsArray().ShouldBeEmpty();
    }

    private static async Task ShowAsync(Shop shop, string time) =>
        (await shop.PostAsync(Bodies.One(action: action => action["event_time"] = DateTimeOffset.Parse(time, null).ToUnixTimeSeconds()))).ShouldBeAccepted();

    private static async Task<long> ImpressionsAsync(Shop shop, string query) =>
        (long)(await shop.ReadAsync($"/api/v1/reports/experiences/{Experience}?{query}"))["total"]!["impressions"]!;
}
