using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

public sealed class SampleRatioLocationTests(SharedServer shared)
{
    [Fact]
    public async Task An_imbalance_is_found_and_named_where_it_is()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        await shop.ShowAsync("0", 300, 10, "w", "web", id);
        await shop.ShowAsync("1", 310, 10, "w", "web", id);
        await shop.ShowAsync("0", 300, 10, "a", "android", id);
        await shop.ShowAsync("1", 180, 10, "a", "android", id); // An app loses them.
        var result = await shop.ResultAsync(experience: id);
        var ratio = result["sample_ratio"]!;
        ((bool)ratio["warning"]!).ShouldBeTrue();
        ratio["p_value"].Number().ShouldBeLessThan(0.001);
        ratio["expected"]!.ToJsonString().ShouldBe("""{"0":545,"1":545}""");
        var cause = ratio["located"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)cause["dimension"]!, (string)cause["value"]!).ShouldBe(("platform", "android"));
        cause["rest_p_value"].Number().ShouldBeGreaterThan(0.5);
        result["warnings"]![0]!.ToString().ShouldContain("The imbalance is where platform is 'android'.");
    }

    [Fact]
    public async Task An_sdk_that_loses_customers_is_named()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 200, 0, "n", sdk: "web 1.1");
        await shop.ShowAsync("1", 205, 0, "n", sdk: "web 1.1");
        await shop.ShowAsync("0", 200, 0, "o", sdk: "web 1.0");
        await shop.ShowAsync("1", 100, 0, "o", sdk: "web 1.0");
        var located = (await shop.ResultAsync("weights=0:50,1:50"))["sample_ratio"]!["located"]!;
        ((string)located[0]!["dimension"]!, (string)located[0]!["value"]!).ShouldBe(("sdk", "web 1.0"));
    }

    /// <summary>That the rest is no proof of a mismatch does not say that it is in order: it may be small.</summary>
    [Fact]
    public async Task A_place_that_has_nearly_everybody_is_not_the_cause()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 600, 0, "w", "web");
        await shop.ShowAsync("1", 400, 0, "w", "web");
        await shop.ShowAsync("0", 24, 0, "i", "ios");
        await shop.ShowAsync("1", 16, 0, "i", "ios");
        (await shop.ResultAsync("weights=0:50,1:50"))["warnings"]![0]!.ToString().ShouldEndWith("The imbalance is in no one place.");
    }

    [Fact]
    public async Task A_variation_that_never_arrives_is_missed()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        await shop.ShowAsync("0", 300, 10, "w", "web", id);
        var ratio = (await shop.ResultAsync(experience: id))["sample_ratio"]!;
        ((bool)ratio["warning"]!).ShouldBeTrue();
        ratio["observed"]!.ToJsonString().ShouldBe("""{"0":300,"1":0}""");
        ratio["expected"]!.ToJsonString().ShouldBe("""{"0":150,"1":150}""");
        (await shop.ResultAsync("weights=0:50,7:50", id))["sample_ratio"]!["observed"]!.ToJsonString().ShouldBe("""{"0":300,"7":0}""");
    }

    [Fact]
    public async Task An_imbalance_that_is_everywhere_is_laid_on_no_place()
    {
        var shop = shared.OpenShop();
        foreach (var platform in new[] { "web", "ios" })
        {
            await shop.ShowAsync("0", 300, 0, platform, platform);
            await shop.ShowAsync("1", 180, 0, platform, platform);
        }

        (await shop.ResultAsync("weights=0:50,1:50"))["warnings"]![0]!.ToString().ShouldEndWith("The imbalance is in no one place.");
    }

    [Fact]
    public async Task The_shares_that_were_in_force_at_each_first_exposure_are_expected()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        await shop.ShowAsync("0", 200, 0, "first", experience: id, time: server.Time.GetUtcNow().ToUnixTimeSeconds());
        await shop.ShowAsync("1", 200, 0, "first", experience: id, time: server.Time.GetUtcNow().ToUnixTimeSeconds());
        server.Time.Advance(TimeSpan.FromHours(1));
        var document = Authoring.Document();
        document["audiences"]![0] = Authoring.Audience("Everybody", ("Red", 90), ("Blue", 10));
        (await shop.ReplaceAsync("checkout-banner", document)).Status.ShouldBe(200);
        await shop.StepAsync("checkout-banner", "publish");
        await shop.ShowAsync("0", 180, 0, "then", experience: id, time: server.Time.GetUtcNow().ToUnixTimeSeconds() + 60);
        await shop.ShowAsync("1", 20, 0, "then", experience: id, time: server.Time.GetUtcNow().ToUnixTimeSeconds() + 60);
        var ratio = (await shop.ResultAsync(experience: id))["sample_ratio"]!;
        ratio["expected"]!["0"].Number().ShouldBe(380, 1e-6);
        ratio["p_value"].Number().ShouldBe(1, 1e-9);
    }

    [Fact]
    public async Task A_variation_that_nobody_was_to_see_is_pointed_out()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        await shop.ShowAsync("0", 10, 0, experience: id);
        await shop.ShowAsync("1", 10, 0, experience: id);
        await shop.ShowAsync("7", 3, 0, experience: id);
        var result = await shop.ResultAsync(experience: id);
        result["sample_ratio"]!["customers_without_share"].Number().ShouldBe(3);
        ((bool)result["sample_ratio"]!["warning"]!).ShouldBeTrue();
        result["warnings"]![0]!.ToString().ShouldStartWith("3 customers were first shown a variation that had no share then");
    }
}
