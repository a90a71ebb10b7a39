using Vitrine.Tests.Support;

namespace Vitrine.Tests.Conversions;

public sealed class ConversionsAgainstOracleTests(SharedServer shared)
{
    [Theory]
    [InlineData("view_through")]
    [InlineData("click_through")]
    [InlineData("in_session")]
    public async Task A_report_says_what_looking_at_every_pair_says(string model)
    {
        var world = await ConversionWorld.MakeAsync(shared.Server, 51, order: 1);
        var oracle = new ConversionOracle(world, model);
        await AskAsync(oracle, "", static _ => true, static _ => "");
        await AskAsync(oracle, "&by=variation", static _ => true, static seen => seen.Variation);
        await AskAsync(oracle, "&by=platform,audience", static _ => true, static seen => $"{seen.Platform}|{seen.Audience}");
        var middle = Clock.Now - (2 * 86_400);
        await AskAsync(oracle, $"&by=variation&from={Moment(middle)}", seen => seen.Time >= middle, static seen => seen.Variation);
        await AskAsync(oracle, $"&by=variation&to={Moment(middle)}", seen => seen.Time < middle, static seen => seen.Variation);
        await AskBucketsAsync(oracle);
    }

    [Fact]
    public async Task In_whatever_order_everything_comes_reports_are_the_same()
    {
        var (one, another) = (await ConversionWorld.MakeAsync(shared.Server, 52, order: 1), await ConversionWorld.MakeAsync(shared.Server, 52, order: 2));
        foreach (var model in new[] { "view_through", "click_through", "in_session" })
        {
            foreach (var question in new[] { "", "&by=variation&scale=day", "&by=click_target,platform" })
            {
                var path = $"?attribution={model}{question}";
                (await Groups(one, path)).ShouldBe(await Groups(another, path));
            }
        }

        static async Task<string> Groups(ConversionWorld world, string question) =>
            (await world.Shop.ReadAsync($"/api/v1/reports/experiences/{world.ExperienceId}{question}"))["groups"]!.ToJsonString();
    }

    [Fact]
    public async Task Figures_of_ranges_that_follow_each_other_add_up()
    {
        var world = await ConversionWorld.MakeAsync(shared.Server, 53, order: 1);
        var middle = Moment(Clock.Now - (2 * 86_400) - 77);
        var whole = await ConversionsAsync(world, "");
        (await ConversionsAsync(world, "?to=" + middle) + await ConversionsAsync(world, "?from=" + middle)).ShouldBe(whole);
        whole.ShouldBeGreaterThan(50);

        static async Task<long> ConversionsAsync(ConversionWorld world, string question) =>
            (await world.Shop.ReadAsync($"/api/v1/reports/experiences/{world.ExperienceId}{question}"))["total"]!["goals"]!.AsArray().Sum(static goal => (long)goal!["conversions"]!);
    }

    [Fact]
    public async Task A_table_has_columns_for_each_goal_and_currency()
    {
        var world = await ConversionWorld.MakeAsync(shared.Server, 54, order: 1);
        var answer = await world.Shop.GetAsync($"/api/v1/reports/experiences/{world.ExperienceId}?by=variation", "text/csv");
        var lines = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldEndWith(",delivered,Ordered conversions,Ordered unique_conversions,Ordered cvr,Ordered revenue EUR,Ordered aov EUR,Ordered revenue_per_user EUR,"
            + "Ordered revenue USD,Ordered aov USD,Ordered revenue_per_user USD,Ordered without_revenue,"
            + "Large order conversions,Large order unique_conversions,Large order cvr,Signed up conversions,Signed up unique_conversions,Signed up cvr");
        lines.ShouldAllBe(line => line.Split(',').Length == lines[0].Split(',').Length);
    }

    [Fact]
    public async Task An_experience_without_goals_says_nothing_of_them_and_a_model_that_is_none_is_refused()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        var report = await shop.ReadAsync("/api/v1/reports/experiences/66d55ae445921e4d35ae4368?attribution=click_through");
        (report.ContainsKey("attribution"), report["total"]!.AsObject().ContainsKey("goals")).ShouldBe((false, false));
        var refusal = await shop.GetAsync("/api/v1/reports/experiences/66d55ae445921e4d35ae4368?attribution=last");
        refusal.Status.ShouldBe(400);
        ((string)refusal.Json["detail"]!).ShouldBe("attribution: 'last' is none of view_through, click_through, in_session.");
    }

    private static string Moment(long seconds) => Uri.EscapeDataString(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));

    private static async Task AskAsync(ConversionOracle oracle, string question, Func<Seen, bool> isAsked, Func<Seen, string> group)
    {
        var world = oracle.World;
        var report = await world.Shop.ReadAsync($"/api/v1/reports/experiences/{world.ExperienceId}?attribution={oracle.Model}{question}");
        report["attribution"]!.ToJsonString().ShouldBe($$"""{"model":"{{oracle.Model}}","window_hours":{{ConversionWorld.WindowHours}}}""");
        var conversions = oracle.Conversions().Where(one => isAsked(one.Touch)).ToList();
        report["total"]!["goals"]!.ToJsonString().ShouldBe(ConversionOracle.Goals(conversions, Touches(oracle, world.Seen.Where(isAsked))).ToJsonString(), question);
        foreach (var one in report["groups"]!.AsArray())
        {
            var key = string.Join('|', one!.AsObject().Where(static field => field.Key != "total").Select(static field => (string)field.Value!));
            var touches = Touches(oracle, world.Seen.Where(seen => isAsked(seen) && group(seen) == key));
            one["total"]!["goals"]!.ToJsonString().ShouldBe(ConversionOracle.Goals([.. conversions.Where(pair => group(pair.Touch) == key)], touches).ToJsonString(), $"{question} {key}");
        }
    }

    private static async Task AskBucketsAsync(ConversionOracle oracle)
    {
        var world = oracle.World;
        var report = await world.Shop.ReadAsync($"/api/v1/reports/experiences/{world.ExperienceId}?attribution={oracle.Model}&scale=day");
        var conversions = oracle.Conversions().ToList();
        foreach (var bucket in report["groups"]![0]!["buckets"]!.AsArray())
        {
            var day = ((string)bucket!["start"]!)[..10];
            var expected = ConversionOracle.Goals([.. conversions.Where(one => one.Touch.Day == day)], Touches(oracle, world.Seen.Where(seen => seen.Day == day)));
            bucket["goals"]!.ToJsonString().ShouldBe(expected.ToJsonString(), day);
        }
    }

    private static int Touches(ConversionOracle oracle, IEnumerable<Seen> seen) => seen.Count(one => one.IsClick == (oracle.Model != "view_through"));
}
