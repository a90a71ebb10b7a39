using System.Text.Json.Nodes;
using Vitrine.Tests.Retention;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

public sealed class ExperimentResultTests(SharedServer shared)
{
    [Fact]
    public async Task Published_figures_come_out_of_events_too()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 28, 14);
        await shop.ShowAsync("1", 30, 16);
        var result = await shop.ResultAsync("difference=relative&weights=0:50,1:50");
        var comparison = result["comparisons"]!.AsArray().ShouldHaveSingleItem()!;
        comparison["difference"].Number().ShouldBe(0.06667, 5e-6);
        comparison["ci"]![0].Number().ShouldBe(-0.47767, 5e-6);
        comparison["ci"]![1].Number().ShouldBe(0.61101, 5e-6);
        comparison["p_value"].Number().ShouldBe(0.80707, 5e-6);
        ((string)comparison["verdict"]!).ShouldBe("not_distinguishable");
        ((string)comparison["sentence"]!).ShouldStartWith("Variation 1 raises unique CTR by 6.67 % (−47.77 to +61.10) against Variation 0: not yet distinguishable from no effect; ");
        result["experience"]!.ToJsonString().ShouldBe("""{"id":"66d55ae445921e4d35ae4368","name":"Hero banner"}""");
        ((string)result["baseline"]!).ShouldBe("0");
        result["population"]!["exposed"].Number().ShouldBe(58);
        result["sample_ratio"]!["p_value"].Number().ShouldBe(0.7928, 1e-4);
        ((bool)result["sample_ratio"]!["warning"]!).ShouldBeFalse();
        result["warnings"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_real_difference_is_called_so_whichever_is_the_baseline()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 400, 40);
        await shop.ShowAsync("1", 400, 120);
        var comparison = (await shop.ResultAsync())["comparisons"]![0]!;
        ((string)comparison["verdict"]!).ShouldBe("better");
        ((string)comparison["sentence"]!).ShouldBe("Variation 1 raises unique CTR by 20.00 points (+14.62 to +25.38) against Variation 0: hardly by chance (p < 0.0001).");
        ((string)(await shop.ResultAsync("baseline=1"))["comparisons"]![0]!["verdict"]!).ShouldBe("worse");
        ((string)(await shop.ResultAsync("method=sequential"))["comparisons"]![0]!["verdict"]!).ShouldBe("better");
        var bayesian = (await shop.ResultAsync("method=bayesian&metric=ctr"))["comparisons"]![0]!;
        bayesian["chance_to_win"].Number().ShouldBeGreaterThan(0.999);
        ((string)bayesian["sentence"]!).ShouldEndWith("the chance that it is better is 100.0 %, and choosing it is expected to cost 0.00 points.");
    }

    [Fact]
    public async Task Who_saw_several_variations_counts_in_none_and_is_shown()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 20, 5);
        await shop.ShowAsync("1", 20, 5);
        await shop.ShowAsync("1", 3, 3, prefix: "", time: Clock.Now - 60);
        (await shop.PostAsync(Bodies.Of([.. Enumerable.Range(0, 4).Select(static number =>
        {
            var element = Bodies.Element(Bodies.Action(static action => action["event_time"] = Clock.Now - 30, static attributes =>
                (attributes["cid"], attributes["moe_variation_id"], attributes["audience_id"]) = (Experimenting.Experience + "_F_T_WP_AB_1_P_0_AU_1", "1", "1")));
            element["customer_id"] = $"-0-{number}";
            return element;
        })]))).ShouldBeAccepted();
        var result = await shop.ResultAsync("weights=0:1,1:1");
        result["population"]!.ToJsonString().ShouldContain("\"exposed\":40,\"analysed\":36,\"in_several_variations\":4");
        result["variations"]!.AsArray().Select(static one => (long)one!["customers"]!).ShouldBe([16, 20]);
        result["sample_ratio"]!["observed"]!.ToJsonString().ShouldBe("""{"0":20,"1":20}"""); // By the first exposure.
        result["warnings"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldStartWith("4 customers were shown several variations");
    }

    [Fact]
    public async Task Several_treatments_are_corrected_and_the_intervals_say_by_how_much()
    {
        var shop = shared.OpenShop();
        foreach (var (variation, clicks) in new[] { ("0", 20), ("1", 35), ("2", 30), ("10", 20) })
        {
            await shop.ShowAsync(variation, 100, clicks);
        }

        var holm = await shop.ResultAsync();
        holm["interval_alpha"].Number().ShouldBe(0.05 / 3, 1e-12);
        holm["comparisons"]!.AsArray().Select(static one => (string)one!["variation"]!).ShouldBe(["1", "2", "10"]);
        var p = holm["comparisons"]!.AsArray().Select(static one => one!["p_value"].Number()).ToList();
        holm["comparisons"]![0]!["p_value_adjusted"].Number().ShouldBe(3 * p[0], 1e-12);
        holm["comparisons"]![1]!["p_value_adjusted"].Number().ShouldBe(2 * p[1], 1e-12);
        var hochberg = await shop.ResultAsync("correction=benjamini_hochberg");
        hochberg["comparisons"]![1]!["p_value_adjusted"].Number().ShouldBe(1.5 * p[1], 1e-12);
    }

    [Fact]
    public async Task Only_completed_windows_an_audience_or_a_range_can_be_asked_for()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 10, 1, "old", time: Clock.Now - (3 * 86_400));
        await shop.ShowAsync("1", 12, 1, "old", time: Clock.Now - (3 * 86_400), audience: "2");
        await shop.ShowAsync("0", 5, 1, "new");
        await shop.ShowAsync("1", 5, 1, "new");
        var completed = (await shop.ResultAsync("windows=completed"))["population"]!;
        (completed["analysed"].Number(), completed["window_open"].Number()).ShouldBe((22, 10));
        (await shop.ResultAsync("audience=2"))["variations"]!.ToJsonString().ShouldContain("\"customers\":12");
        (await shop.ResultAsync("from=2026-11-24"))["population"]!["exposed"].Number().ShouldBe(10);
    }

    [Fact]
    public async Task Goals_are_compared_by_conversion_frequency_and_revenue()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        await shop.ShowAsync("0", 40, 0, experience: id);
        await shop.ShowAsync("1", 40, 0, experience: id);
        for (var number = 0; number < 10; number++)
        {
            await OrderAsync(shop, $"-0-{number}", 10);
            await OrderAsync(shop, $"-1-{number}", 20);
            await OrderAsync(shop, $"-1-{number}", number == 0 ? 100_000 : 5);
        }

        await OrderAsync(shop, "-1-39", 7, "USD");
        var conversion = await shop.ResultAsync("metric=conversion&goal=Ordered", id);
        conversion["variations"]!.AsArray().Select(static one => one!["sum"].Number()).ShouldBe([10, 11]);
        (await shop.ResultAsync("metric=conversions_per_user", id))["variations"]!.AsArray().Select(static one => one!["sum"].Number()).ShouldBe([10, 21]);
        var revenue = await shop.ResultAsync("metric=revenue_per_user", id);
        ((string)revenue["currency"]!).ShouldBe("EUR");
        revenue["variations"]!.AsArray().Select(static one => one!["sum"].Number()).ShouldBe([100, 200 + 100_000 + 45]);
        revenue["warnings"]!.AsArray().Select(static one => (string)one!).ShouldContain("Revenue in USD is not counted.");
        (await shop.ResultAsync("metric=revenue_per_user&currency=usd", id))["variations"]![1]!["sum"].Number().ShouldBe(7);
        var capped = await shop.ResultAsync("metric=revenue_per_user&winsorise=95", id);
        capped["winsorised_at"].Number().ShouldBe(25);
        capped["variations"]![1]!["sum"].Number().ShouldBe(250);
        (await shop.ResultAsync("metric=conversion&attribution=click_through", id))["variations"]![1]!["sum"].Number().ShouldBe(0);
        ((string)conversion["comparisons"]![0]!["sentence"]!).ShouldStartWith("Blue raises the conversion rate of 'Ordered' by 2.50 points (");
    }

    [Fact]
    public async Task What_customers_did_before_is_taken_out_where_it_explains_anything()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        for (var number = 0; number < 30; number++)
        {
            foreach (var variation in new[] { "0", "1" })
            {
                for (var order = 0; order < number % 3; order++) // Whoever ordered before orders again.
                {
                    await OrderAsync(shop, $"-{variation}-{number}", 10, time: Clock.Now - 86_400);
                    await OrderAsync(shop, $"-{variation}-{number}", 10);
                }
            }
        }

        await shop.ShowAsync("0", 30, 0, experience: id);
        await shop.ShowAsync("1", 30, 0, experience: id);
        var plain = await shop.ResultAsync("metric=conversions_per_user", id);
        plain["comparisons"]![0]!["standard_error"].Number().ShouldBeGreaterThan(0.1);
        var adjusted = await shop.ResultAsync("metric=conversions_per_user&cuped=7", id);
        adjusted["cuped"]!["theta"].Number().ShouldBe(1, 1e-9);
        adjusted["cuped"]!["variance_removed"].Number().ShouldBe(1, 1e-9);
        ((string?)(await shop.ResultAsync("cuped=7", id))["cuped"]!["reason"]).ShouldNotBeNull(); // Nobody clicked before.
    }

    [Fact]
    public async Task Nobody_one_variation_and_one_customer_have_a_clear_answer()
    {
        var shop = shared.OpenShop();
        (await shop.GetAsync($"/api/v1/reports/experiences/{Experimenting.Experience}/experiment")).Status.ShouldBe(404);
        await shop.ShowAsync("0", 5, 1);
        var alone = await shop.ResultAsync("weights=0:1");
        alone["comparisons"]!.AsArray().ShouldBeEmpty();
        ((string)alone["sample_ratio"]!["reason"]!).ShouldBe("Fewer than two variations have a share.");
        var nobody = await shop.ResultAsync("from=2027-01-01&weights=0:1,1:1");
        nobody["population"]!["exposed"].Number().ShouldBe(0);
        ((string)nobody["sample_ratio"]!["reason"]!).ShouldBe("Nobody was exposed.");
        nobody["variations"]![0]!["mean"].ShouldBeNull();
        await shop.ShowAsync("1", 1, 1);
        foreach (var metric in new[] { "unique_ctr", "ctr", "clicks_per_user" })
        {
            foreach (var method in new[] { "frequentist", "sequential", "bayesian" })
            {
                var comparison = (await shop.ResultAsync($"metric={metric}&method={method}"))["comparisons"]![0]!;
                ((string)comparison["verdict"]!).ShouldBe("not_comparable");
                ((string)comparison["reason"]!).ShouldBe("too_few_customers");
                ((string)comparison["sentence"]!).ShouldContain("cannot be compared");
            }
        }

        ((string)(await shop.ResultAsync())["sample_ratio"]!["reason"]!).ShouldContain("never published");
    }

    [Fact]
    public async Task Weights_of_other_variations_say_that_nobody_saw_what_had_a_share()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 3, 1);
        await shop.ShowAsync("1", 2, 1);
        var ratio = (await shop.ResultAsync("weights=5:50,6:50"))["sample_ratio"]!;
        ((string)ratio["reason"]!).ShouldBe("Nobody was exposed to a variation that had a share.");
        ((bool)ratio["warning"]!).ShouldBeTrue();
        ((long)ratio["customers_without_share"]!).ShouldBe(5);
    }

    [Fact]
    public async Task Made_up_variations_do_not_hide_the_experiences_own()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        await shop.ShowAsync("0", 3, 1, experience: id);
        await shop.ShowAsync("1", 2, 1, experience: id);
        foreach (var madeUp in Enumerable.Range(100, 64))
        {
            await shop.ShowAsync($"{madeUp}", 1, 0, experience: id);
        }

        var result = await shop.ResultAsync(experience: id);
        result["variations"]!.AsArray().Select(static one => (string)one!["variation"]!).ShouldBe(["0", "1"]);
        ((int)result["population"]!["exposed"]!).ShouldBe(5);
        result["warnings"]!.AsArray().Select(static one => (string)one!).ShouldContain("64 variations that clients reported are none of the experience's, and are left out.");
        (await shop.GetAsync($"/api/v1/reports/experiences/{id}/experiment?baseline=100")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_window_that_has_passed_by_now_counts_also_where_the_range_ended_before()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        var day = Clock.Now - (Clock.Now % 86_400) - (10 * 86_400);
        await shop.ShowAsync("0", 5, 1, experience: id, time: day + 86_000);
        await shop.ShowAsync("1", 5, 1, experience: id, time: day + 86_000);
        var range = $"from={DateTimeOffset.FromUnixTimeSeconds(day):yyyy-MM-dd}&to={DateTimeOffset.FromUnixTimeSeconds(day + 86_400):yyyy-MM-dd}";
        (await shop.ResultAsync($"metric=conversion&windows=completed&{range}", id))["population"]!["analysed"].Number().ShouldBe(10);
        (await shop.ResultAsync($"metric=unique_ctr&windows=completed&{range}", id))["population"]!["window_open"].Number().ShouldBe(10);
    }

    [Fact]
    public async Task A_variation_that_nobody_sees_any_more_is_no_baseline_and_widens_no_interval()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 5, 1, time: Clock.Now - (20 * 86_400));
        await shop.ShowAsync("1", 50, 5);
        await shop.ShowAsync("2", 50, 15);
        var result = await shop.ResultAsync($"from={DateTimeOffset.FromUnixTimeSeconds(Clock.Now - (5 * 86_400)):yyyy-MM-dd}");
        ((string)result["baseline"]!).ShouldBe("1");
        result["interval_alpha"].Number().ShouldBe(0.05);
    }

    [Fact]
    public async Task An_experiment_whose_beginning_is_hourly_figures_says_that_it_does_not_know_who_saw_it_then()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.ShowAsync("0", 60, 30, time: Clock.Now - (20 * 86_400));
        await shop.ShowAsync("0", 60, 30);
        await shop.ShowAsync("1", 60, 20);
        await Retaining.KeepAsync(shop, 10);
        var result = await shop.ResultAsync("metric=clicks_per_user&cuped=14");
        result["warnings"]!.AsArray().Select(static one => (string)one!).ShouldHaveSingleItem().ShouldStartWith("The experience was shown at a time of which only hourly figures are kept");
        result["population"]!["exposed"].Number().ShouldBe(120);
        result["cuped"]!["reason"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_range_that_begins_within_an_experiment_is_pointed_out_and_adjusts_nothing()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 60, 30, time: Clock.Now - (20 * 86_400));
        await shop.ShowAsync("0", 60, 30);
        await shop.ShowAsync("1", 60, 20);
        var from = $"from={DateTimeOffset.FromUnixTimeSeconds(Clock.Now - (5 * 86_400)):yyyy-MM-dd}";
        var result = await shop.ResultAsync($"metric=clicks_per_user&cuped=14&method=sequential&{from}");
        result["warnings"]!.AsArray().Select(static one => (string)one!).ShouldContain(static warning => warning.Contains("shown before this range") && warning.Contains("a beginning that moves"));
        ((string)result["cuped"]!["reason"]!).ShouldContain("Ask from its beginning.");
        result["comparisons"]![0]!["difference"].Number().ShouldBe((20 / 60.0) - (30 / 60.0), 1e-12);
        result["comparisons"]![0]!["days_to_go"].ShouldBeNull();
    }

    [Fact]
    public async Task A_loss_of_everything_is_no_matter_of_alike_customers()
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 200, 50);
        await shop.ShowAsync("1", 200, 0);
        ((string)(await shop.ResultAsync("difference=relative"))["comparisons"]![0]!["reason"]!).ShouldBe("treatment_is_zero");
        ((string)(await shop.ResultAsync())["comparisons"]![0]!["verdict"]!).ShouldBe("worse");
    }

    private static async Task OrderAsync(Shop shop, string customer, int amount, string? currency = null, long? time = null)
    {
        var attributes = new JsonObject { ["amount"] = amount };
        if (currency is not null)
        {
            attributes["currency"] = currency;
        }

        (await shop.PostGoalsAsync(customer, new JsonObject { ["action"] = "order", ["current_time"] = time ?? Clock.Now - 600, ["attributes"] = attributes })).ShouldBeAccepted();
    }
}
