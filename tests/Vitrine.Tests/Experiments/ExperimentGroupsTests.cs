using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

/// <summary>Audiences with other shares have other customers in each variation.</summary>
public sealed class ExperimentGroupsTests(SharedServer shared)
{
    [Fact]
    public async Task Audiences_with_other_shares_and_other_customers_make_no_difference_between_variations()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(Authoring.Audience("Loyal", ("Red", 90), ("Blue", 10)), Authoring.Audience("Everybody", ("Red", 10), ("Blue", 90)));
        var published = await shop.PublishedAsync(document);
        var (id, loyal, everybody) = ((string)published["id"]!, (string)published["audiences"]![0]!["id"]!, (string)published["audiences"]![1]!["id"]!);
        await shop.ShowAsync("0", 450, 225, "l", experience: id, audience: loyal); // Half of the loyal click,
        await shop.ShowAsync("1", 50, 25, "l", experience: id, audience: loyal);
        await shop.ShowAsync("0", 50, 5, "e", experience: id, audience: everybody); // and a tenth of the others, whatever they see.
        await shop.ShowAsync("1", 450, 45, "e", experience: id, audience: everybody);
        var result = await shop.ResultAsync("method=frequentist", id);
        ((int)result["groups"]!).ShouldBe(2);
        var comparison = result["comparisons"]![0]!;
        comparison["difference"].Number().ShouldBe(0, 1e-12);
        ((string)comparison["verdict"]!).ShouldBe("not_distinguishable");
        ((string)comparison["sentence"]!).ShouldStartWith("Blue hardly changes unique CTR (");
        result["warnings"]!.AsArray().Select(static one => (string)one!).ShouldContain("Shares differ between audiences or changed: variations are compared within 2 groups of customers who had the same chances, and the differences averaged.");
        ((int)(await shop.ResultAsync($"audience={loyal}", id))["groups"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Variations_that_no_audience_had_together_are_not_compared()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(Authoring.Audience("Loyal", ("Red", 100)), Authoring.Audience("Everybody", ("Red", 50), ("Blue", 50)));
        var published = await shop.PublishedAsync(document);
        var (id, loyal, everybody) = ((string)published["id"]!, (string)published["audiences"]![0]!["id"]!, (string)published["audiences"]![1]!["id"]!);
        await shop.ShowAsync("0", 40, 20, "l", experience: id, audience: loyal);
        await shop.ShowAsync("1", 40, 4, "e", experience: id, audience: everybody);
        var comparison = (await shop.ResultAsync(experience: id))["comparisons"]![0]!;
        ((string)comparison["reason"]!).ShouldBe("never_together");
    }
}
