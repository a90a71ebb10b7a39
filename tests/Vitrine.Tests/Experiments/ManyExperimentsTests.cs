using System.Text.Json.Nodes;
using Vitrine.Tests.Statistics;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

/// <summary>Whether what a result promises holds in many experiments whose truth is known, from events to sentences.</summary>
public sealed class ManyExperimentsTests(SharedServer shared)
{
    private const double BaselineRate = 0.2;
    private const double TreatmentRate = 0.3;
    private static readonly int Experiments = 150 * MadeCustomers.Longer;

    [Fact]
    public async Task The_interval_holds_the_true_difference_as_often_as_it_says()
    {
        var shop = shared.OpenShop();
        var random = new Seeded(71);
        var (held, always) = (0, 0);
        for (var experiment = 0; experiment < Experiments; experiment++)
        {
            var id = await RunAsync(shop, random, 200, static _ => 1);
            held += Holds(await shop.ResultAsync("weights=0:1,1:1", id)) ? 1 : 0;
            always += Holds(await shop.ResultAsync("weights=0:1,1:1&method=sequential&tuning=200", id)) ? 1 : 0;
        }

        var error = Math.Sqrt(0.95 * 0.05 / Experiments);
        (held / (double)Experiments).ShouldBeInRange(0.95 - (4 * error), 0.95 + (4 * error));
        always.ShouldBeGreaterThanOrEqualTo(held);

        static bool Holds(JsonObject result)
        {
            var interval = result["comparisons"]!.AsArray().ShouldHaveSingleItem()!["ci"]!;
            return interval[0].Number() <= TreatmentRate - BaselineRate && TreatmentRate - BaselineRate <= interval[1].Number();
        }
    }

    [Fact]
    public async Task Customers_that_a_platform_loses_are_missed_there_and_nowhere_else()
    {
        var shop = shared.OpenShop();
        var random = new Seeded(72);
        var experiments = Experiments / 5;
        var (falseAlarms, found, located) = (0, 0, 0);
        for (var experiment = 0; experiment < experiments; experiment++)
        {
            var sound = await RatioAsync(await RunAsync(shop, random, 400, static _ => 1));
            falseAlarms += (bool)sound["warning"]! ? 1 : 0;
            var broken = await RatioAsync(await RunAsync(shop, random, 2400, static platform => platform == "android" ? 0.4 : 1));
            found += (bool)broken["warning"]! ? 1 : 0;
            located += broken["located"]!.AsArray() is [{ } first, ..] && ((string)first["dimension"]!, (string)first["value"]!) == ("platform", "android") ? 1 : 0;
        }

        falseAlarms.ShouldBeLessThanOrEqualTo(Math.Max(1, experiments / 50)); // One in a thousand is what the threshold says.
        found.ShouldBeGreaterThan((int)(0.9 * experiments));
        located.ShouldBeGreaterThan((int)(0.9 * found));

        async Task<JsonNode> RatioAsync(string id) => (await shop.ResultAsync("weights=0:1,1:1", id))["sample_ratio"]!;
    }

    /// <summary>Customers come, are assigned by chance and click by chance; of the treatment's a part is reported, by platform.</summary>
    private static async Task<string> RunAsync(Shop shop, Seeded random, int customers, Func<string, double> reported)
    {
        var id = $"{random.Next64():x16}{random.Next64() & 0xFFFF_FFFF:x8}";
        foreach (var platform in new[] { "web", "android", "ios" })
        {
            var shown = Enumerable.Range(0, customers / 3).Select(_ => random.Next(2)).Where(variation => variation == 0 || Chance(random, reported(platform))).ToList();
            foreach (var variation in shown.GroupBy(static variation => variation))
            {
                var clicks = variation.Count(_ => Chance(random, variation.Key == 0 ? BaselineRate : TreatmentRate));
                await shop.ShowAsync($"{variation.Key}", variation.Count(), clicks, $"{id}-{platform}", platform, id);
            }
        }

        await shop.Server.ProjectedAsync();
        return id;
    }

    private static bool Chance(Seeded random, double probability) => random.Next64() < probability * ulong.MaxValue;
}
