using System.Text.Json.Nodes;
using Vitrine.Tests.Conversions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

public sealed class ExperimentsAgainstOracleTests(SharedServer shared)
{
    private static readonly string[] Metrics = ["unique_ctr", "ctr", "clicks_per_user", "conversion", "conversions_per_user", "revenue_per_user"];

    [Theory]
    [InlineData("view_through", 61)]
    [InlineData("click_through", 62)]
    [InlineData("in_session", 63)]
    public async Task A_result_is_of_the_customers_and_values_that_looking_at_each_of_them_finds(string model, ulong seed)
    {
        var world = await ConversionWorld.MakeAsync(shared.Server, seed, order: 1, isSticky: true);
        var middle = Clock.Now - (2 * 86_400);
        await AskAsync(new ExperimentOracle(world, model, static _ => true), "");
        await AskAsync(new ExperimentOracle(world, model, static seen => seen.Audience == "2"), "&audience=2");
        await AskAsync(new ExperimentOracle(world, model, seen => seen.Time >= middle), $"&from={Moment(middle)}");
        await AskAsync(new ExperimentOracle(world, model, seen => seen.Time < middle && seen.Audience == "1"), $"&audience=1&to={Moment(middle)}");
    }

    [Fact]
    public async Task In_whatever_order_everything_comes_the_result_is_the_same()
    {
        var one = await ConversionWorld.MakeAsync(shared.Server, 64, order: 1, isSticky: true);
        var another = await ConversionWorld.MakeAsync(shared.Server, 64, order: 2, isSticky: true);
        foreach (var metric in Metrics)
        {
            foreach (var question in new[] { "", "&method=sequential", "&method=bayesian&audience=1", "&cuped=2", "&windows=completed" })
            {
                var asked = $"metric={metric}{Goal(metric)}&weights=0:1,1:1{question}";
                (await ResultAsync(one, asked)).ShouldBe(await ResultAsync(another, asked), asked);
            }
        }

        static async Task<string> ResultAsync(ConversionWorld world, string question)
        {
            var result = await world.Shop.ResultAsync(question, world.ExperienceId);
            result.Remove("as_of");
            result.Remove("experience");
            return result.ToJsonString();
        }
    }

    private static async Task AskAsync(ExperimentOracle oracle, string question)
    {
        foreach (var metric in Metrics)
        {
            var result = await oracle.World.Shop.ResultAsync($"metric={metric}{Goal(metric, oracle.Model)}{question}&weights=0:1,1:1", oracle.World.ExperienceId);
            var population = result["population"]!;
            var analysed = oracle.Analysed.Count();
            analysed.ShouldBeGreaterThan(5);
            (population["exposed"].Number(), population["analysed"].Number(), population["in_several_variations"].Number())
                .ShouldBe((oracle.Exposed.Count, analysed, oracle.Exposed.Count - analysed), question);
            foreach (var variation in result["variations"]!.AsArray())
            {
                ShouldBe(variation!, oracle.Sums((string)variation!["variation"]!, metric), metric, question);
            }

            foreach (var (id, observed) in result["sample_ratio"]!["observed"]!.AsObject())
            {
                observed.Number().ShouldBe(oracle.Exposed.Count(shown => oracle.First(shown.Key).Variation == id), $"{metric}{question}");
            }
        }
    }

    private static void ShouldBe(JsonNode variation, (int Customers, double Sum, double Denominator, double Squares) expected, string metric, string question)
    {
        var which = $"{metric}{question} {variation["variation"]}";
        variation["customers"].Number().ShouldBe(expected.Customers, which);
        variation["sum"].Number().ShouldBe(expected.Sum, 1e-9, which);
        var divisor = metric == "ctr" ? expected.Denominator : expected.Customers;
        variation["mean"].Number().ShouldBe(expected.Sum / divisor, 1e-12, which);
        if (metric != "ctr")
        {
            // Of zeros and ones the variance is that of a proportion, otherwise the sample's.
            var mean = expected.Sum / expected.Customers;
            var isProportion = metric is "unique_ctr" or "conversion";
            var variance = isProportion
                ? mean * (1 - mean)
                : (expected.Squares - (expected.Customers * mean * mean)) / (expected.Customers - 1);
            variation["standard_error"].Number().ShouldBe(Math.Sqrt(variance / expected.Customers), 1e-9, which);
        }
    }

    private static string Goal(string metric, string model = "view_through") =>
        metric is "unique_ctr" or "ctr" or "clicks_per_user" ? "" : $"&goal=Ordered&attribution={model}";

    private static string Moment(long seconds) => Uri.EscapeDataString(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));
}
