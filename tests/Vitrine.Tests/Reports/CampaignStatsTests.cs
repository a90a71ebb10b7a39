using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Conversions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class CampaignStatsTests(SharedServer shared)
{
    private const string Path = "/core-services/v1/campaign-stats";

    [Fact]
    public async Task Figures_are_those_of_the_report_in_the_vendors_shape()
    {
        var world = await ConversionWorld.MakeAsync(shared.Server, 61, order: 1);
        var answer = await AskAsync(world.Shop, $$"""{"request_id":"r","start_date":"2026-11-01","end_date":"2026-11-25","attribution_type":"CLICK_THROUGH","metric_type":"TOTAL","campaign_ids":["{{world.ExperienceId}}","unknown"],"offset":0,"limit":10}""");
        answer.Select(static one => one.Key).ShouldBe(["response_id", "total_campaigns", "current_page", "total_pages", "data"]);
        (answer["total_campaigns"]!, answer["current_page"]!, answer["total_pages"]!).ToString().ShouldBe("(1, 1, 1)");
        var report = await world.Shop.ReadAsync($"/api/v1/reports/experiences/{world.ExperienceId}?by=platform,locale,variation&attribution=click_through&from=2026-11-01&to=2026-11-26");
        var platforms = answer["data"]![world.ExperienceId]![0]!["platforms"]!;
        foreach (var group in report["groups"]!.AsArray())
        {
            var stats = platforms[(string)group!["platform"]!]!["locales"]![(string)group["locale"]!]!["variations"]![(string)group["variation"]!]!;
            stats["performance_stats"]!.ToJsonString().ShouldBe(
                new JsonObject { ["impression"] = (long)group["total"]!["impressions"]!, ["click"] = (long)group["total"]!["clicks"]!, ["ctr"] = (double)group["total"]!["ctr"]! }.ToJsonString());
            ((long)stats["conversion_goal_stats"]!["Ordered"]!["conversions"]!).ShouldBe((long)group["total"]!["goals"]![0]!["conversions"]!);
        }

        var whole = platforms["web"]!["locales"]!["0"]!["variations"]!;
        ((long)whole["all_variations"]!["performance_stats"]!["click"]!).ShouldBe(
            whole.AsObject().Where(static one => one.Key != "all_variations").Sum(static one => (long)one.Value!["performance_stats"]!["click"]!));
    }

    [Fact]
    public async Task A_variation_that_is_called_like_all_of_them_stands_behind_these()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: static attributes => attributes["moe_variation_id"] = "all_variations"))).ShouldBeAccepted();
        var answer = await AskAsync(shop, """{"start_date":"2026-11-24","end_date":"2026-11-24"}""");
        answer["data"]!.ToJsonString().ShouldContain("\"all_variations\":{\"performance_stats\":{\"impression\":1");
    }

    [Fact]
    public async Task Unique_figures_count_customers_and_pages_go_through_all_experiences()
    {
        var shop = shared.OpenShop();
        for (var experience = 0; experience < 5; experience++)
        {
            (await shop.PostAsync(Bodies.Of(Bodies.Element(
                Bodies.Action(attributes: attributes => attributes["cid"] = $"experience{experience}_F"), Bodies.Action(attributes: attributes => attributes["cid"] = $"experience{experience}_F"))))).ShouldBeAccepted();
        }

        var answer = await AskAsync(shop, """{"start_date":"2026-11-24","end_date":"2026-11-24","metric_type":"UNIQUE","offset":2,"limit":2}""");
        (answer["total_campaigns"]!, answer["current_page"]!, answer["total_pages"]!).ToString().ShouldBe("(5, 2, 3)");
        answer["data"]!.AsObject().Select(static one => one.Key).ShouldBe(["experience2", "experience3"]);
        answer["data"]!["experience2"]![0]!.ToJsonString().ShouldBe("""
            {"platforms":{"web":{"locales":{"0":{"variations":{"all_variations":{"performance_stats":{"impression":1,"click":0,"ctr":0},"conversion_goal_stats":{}},"2":{"performance_stats":{"impression":1,"click":0,"ctr":0},"conversion_goal_stats":{}}}}}}}}
            """.Trim());
    }

    [Theory]
    [InlineData("""{"start_date":"2026-11-01"}""", "required")]
    [InlineData("""{"start_date":null,"end_date":"2026-11-01"}""", "start_date must be a string")]
    [InlineData("""{"start_date":"yesterday","end_date":"2026-11-01"}""", "start_date must be a date")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-12-01"}""", "end_date must be start_date or one of the 29 days after it")]
    [InlineData("""{"start_date":"2026-11-02","end_date":"2026-11-01"}""", "end_date must be start_date")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","attribution_type":"LAST"}""", "attribution_type must be one of VIEW_THROUGH")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","metric_type":"SOME"}""", "metric_type must be one of TOTAL, UNIQUE")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","campaign_ids":[]}""", "campaign_ids must name 1–10")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","campaign_ids":"x"}""", "campaign_ids must be a list")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","campaign_ids":["a",1]}""", "campaign_ids/1 must be a string")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","limit":1.5}""", "limit must be a whole number")]
    [InlineData("[]", "The body must be an object")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","limit":11}""", "limit must be 1–10")]
    [InlineData("""{"start_date":"2026-11-01","end_date":"2026-11-01","offset":-1}""", "offset must not be negative")]
    public async Task A_question_that_makes_no_sense_is_refused(string body, string description)
    {
        var answer = await PostAsync(shared.OpenShop(), body);
        answer.Status.ShouldBe(400, answer.Text);
        answer.Title.ShouldBe("Invalid Field Value");
        answer.Description!.ShouldContain(description);
    }

    [Fact]
    public async Task Only_the_holder_of_a_key_asks_and_only_in_json()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, "{")).ShouldBeError(400, "Malformed JSON");
        (await PostAsync(shop, "")).ShouldBeError(400, "Empty request body");
        (await shop.SendAsync(HttpMethod.Post, Path, request => Shop.AddHeader(request.Headers, "Authorization", null))).ShouldBeError(401, "Authentication required");
        (await shop.SendAsync(HttpMethod.Post, Path, static request => Shop.AddHeader(request.Headers, "MOE-APPKEY", null))).ShouldBeError(400, "Request Error");
    }

    private static async Task<JsonObject> AskAsync(Shop shop, string body)
    {
        var answer = await PostAsync(shop, body);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    private static Task<Answer> PostAsync(Shop shop, string body) =>
        shop.SendAsync(HttpMethod.Post, Path, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
}
