using System.Text.Json.Nodes;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>The main job on real data: what any correct report must say of it is known.</summary>
public sealed class OpenBanditTests
{
    private const string Variations =
        """
        men 0: 10000 46 0.46 230 31
        men 1: 10000 69 0.69 238 34
        women 0: 10000 46 0.46 205 27
        women 1: 10000 46 0.46 212 26
        """;

    private const string Positions =
        """
        men 0 1: 3284 10
        men 0 2: 3388 22
        men 0 3: 3328 14
        men 1 1: 3339 30
        men 1 2: 3262 21
        men 1 3: 3399 18
        women 0 1: 3329 15
        women 0 2: 3374 15
        women 0 3: 3297 16
        women 1 1: 3288 17
        women 1 2: 3360 17
        women 1 3: 3352 12
        """;

    [Fact]
    public async Task The_known_table_comes_out_also_after_a_repetition_and_after_a_rebuild()
    {
        Assert.SkipUnless(OpenBandit.File is not null, "The Open Bandit data is absent: shared/data/open-bandit/impressions.csv beside the repository, or in VITRINE_SHARED.");
        using var folder = new TemporaryFolder();
        var events = OpenBandit.Read();
        events.Count.ShouldBe(40_207);
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await GeneratedEvents.PostAsync(shop, events);
            await ShouldShowTheTableAsync(shop);
            await GeneratedEvents.PostAsync(shop, events);
            await ShouldShowTheTableAsync(shop);
            ((long)(await shop.LedgerAsync())["events"]!["duplicate"]!).ShouldBe(events.Count);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var rebuilt = await TestServer.StartAsync(folder.Path);
        await rebuilt.ProjectedAsync();
        await ShouldShowTheTableAsync(shop.On(rebuilt));
    }

    private static async Task ShouldShowTheTableAsync(Shop shop)
    {
        await shop.Server.ProjectedAsync();
        var variations = new List<string>();
        var positions = new List<string>();
        foreach (var campaign in new[] { "men", "women" })
        {
            var path = $"/api/v1/reports/experiences/{campaign}?from=2019-11-24&to=2019-12-01&by=";
            variations.AddRange(Groups(await shop.ReadAsync(path + "variation")).Select(group =>
                $"{campaign} {group["variation"]}: {Figures(group, "impressions", "clicks", "ctr", "unique_impressions", "unique_clicks")}"));
            positions.AddRange(Groups(await shop.ReadAsync(path + "variation,locale")).Select(group =>
                $"{campaign} {group["variation"]} {group["locale"]}: {Figures(group, "impressions", "clicks")}"));
        }

        string.Join('\n', variations).ShouldBe(Variations);
        string.Join('\n', positions).ShouldBe(Positions);
    }

    private static IEnumerable<JsonNode> Groups(JsonObject report) => report["groups"]!.AsArray().Select(static group => group!);

    private static string Figures(JsonNode group, params string[] names) => string.Join(' ', names.Select(name => group["total"]![name]!.ToJsonString()));
}
