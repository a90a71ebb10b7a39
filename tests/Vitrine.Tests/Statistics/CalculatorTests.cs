using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Statistics;

public sealed class CalculatorTests(SharedServer shared)
{
    private const string Means =
        """
        "baseline":{"n":3407,"sum":1396.87,"sum_squares":52377.9767},"treatment":{"n":3461,"sum":2422.7,"sum_squares":134698.29}
        """;

    [Fact]
    public async Task It_calculates_the_published_figures()
    {
        var answer = await AskAsync("compare", $$"""{"method":"frequentist","difference":"relative",{{Means}}}""");
        answer.Select(static one => one.Key).ShouldBe(["mean_baseline", "mean_treatment", "difference", "ci", "standard_error", "p_value", "degrees_of_freedom"]);
        Number(answer["mean_baseline"]).ShouldBe(0.41, 5e-6);
        Number(answer["mean_treatment"]).ShouldBe(0.70, 5e-6);
        Number(answer["difference"]).ShouldBe(0.70732, 5e-6);
        Number(answer["standard_error"]).ShouldBe(0.37879, 5e-6);
        Number(answer["ci"]![0]).ShouldBe(-0.03526, 5e-6);
        Number(answer["ci"]![1]).ShouldBe(1.44989, 5e-6);
        Number(answer["p_value"]).ShouldBe(0.06191, 5e-6);
        answer = await AskAsync("compare", $$"""{"method":"frequentist",{{Means}}}""");
        Number(answer["standard_error"]).ShouldBe(0.12478, 5e-6);
        Number(answer["ci"]![0]).ShouldBe(0.04538, 5e-6);
        Number(answer["ci"]![1]).ShouldBe(0.53462, 5e-6);
        Number(answer["p_value"]).ShouldBe(0.02016, 5e-6);
        answer = await AskAsync("compare", """{"method":"frequentist","alpha":0.05,"difference":"relative","baseline":{"n":28,"sum":14},"treatment":{"n":30,"sum":16}}""");
        Number(answer["difference"]).ShouldBe(0.06667, 5e-6);
        Number(answer["standard_error"]).ShouldBe(0.27170, 5e-6);
        Number(answer["ci"]![0]).ShouldBe(-0.47767, 5e-6);
        Number(answer["ci"]![1]).ShouldBe(0.61101, 5e-6);
        Number(answer["p_value"]).ShouldBe(0.80707, 5e-6);
    }

    [Fact]
    public async Task Each_method_answers_with_its_own_figures()
    {
        (await AskAsync("compare", $$"""{"method":"sequential","tuning":1000,{{Means}}}""")).ContainsKey("p_value").ShouldBeTrue();
        var answer = await AskAsync("compare", $$"""{"method":"bayesian","prior":{"mean":0,"variance":1},{{Means}}}""");
        answer.Select(static one => one.Key).ShouldBe(["mean_baseline", "mean_treatment", "difference", "ci", "standard_error", "chance_to_win", "expected_loss"]);
    }

    [Fact]
    public async Task A_ratio_takes_the_sums_of_its_denominators()
    {
        // Clicks 1, 0, 2 of impressions 2, 1, 3 against clicks 1, 1, 1 of impressions 2, 1, 1.
        var answer = await AskAsync("compare", """
            {"method":"frequentist",
             "baseline":{"n":3,"sum":3,"sum_squares":5,"denominator_sum":6,"denominator_sum_squares":14,"cross_product":8},
             "treatment":{"n":3,"sum":3,"sum_squares":3,"denominator_sum":4,"denominator_sum_squares":6,"cross_product":4}}
            """);
        Number(answer["mean_baseline"]).ShouldBe(0.5, 1e-12);
        Number(answer["mean_treatment"]).ShouldBe(0.75, 1e-12);
        // v_a = (1 − 2·½·1 + ¼·1)/4 = 1/16, v_b = (0 − 0 + 9/16·⅓)/(16/9) = 27/256; SE² = (v_a + v_b)/3.
        Number(answer["standard_error"]).ShouldBe(Math.Sqrt(((1.0 / 16) + (27.0 / 256)) / 3), 1e-12);
    }

    [Theory]
    [InlineData("""{"n":0,"sum":0},"treatment":{"n":5,"sum":1}""", "too_few_customers")]
    [InlineData("""{"n":5,"sum":0},"treatment":{"n":5,"sum":1}""", "baseline_is_zero")]
    [InlineData("""{"n":5,"sum":5},"treatment":{"n":5,"sum":5}""", "no_variance")]
    public async Task What_cannot_be_calculated_is_null_with_a_reason(string sums, string reason)
    {
        foreach (var method in new[] { "frequentist", "sequential", "bayesian" })
        {
            var answer = await AskAsync("compare", $$"""{"method":"{{method}}","difference":"relative","baseline":{{sums}}}""");
            ((string)answer["reason"]!).ShouldBe(reason);
            ((string)answer["explanation"]!).ShouldNotBeEmpty();
            answer["ci"].ShouldBeNull();
            answer["p_value"].ShouldBeNull();
        }
    }

    /// <summary>Figures at the limits of what is accepted: each answer is JSON, which holds neither an infinite figure nor one that is no number.</summary>
    [Theory]
    [InlineData("compare", """{"method":"M","difference":"D","baseline":{"n":10,"sum":1e60,"sum_squares":1e119,"denominator_sum":1e-300,"denominator_sum_squares":0,"cross_product":9.999999999999998e-242},"treatment":{"n":10,"sum":1,"sum_squares":1,"denominator_sum":1,"denominator_sum_squares":1,"cross_product":1}}""")]
    [InlineData("compare", """{"method":"M","difference":"D","baseline":{"n":2,"sum":1e60,"sum_squares":1e120},"treatment":{"n":1000000000000,"sum":1e-60,"sum_squares":1e120}}""")]
    [InlineData("compare", """{"method":"M","difference":"D","alpha":1e-100,"baseline":{"n":2,"sum":1},"treatment":{"n":2,"sum":2}}""")]
    [InlineData("compare", """{"method":"M","difference":"D","alpha":0.9999999999999999,"baseline":{"n":2,"sum":1},"treatment":{"n":1000000000000,"sum":2}}""")]
    [InlineData("compare", """{"method":"M","difference":"D","baseline":{"n":10,"sum":5e-324,"sum_squares":5e-324},"treatment":{"n":10,"sum":-5e-324,"sum_squares":5e-324}}""")]
    [InlineData("compare", """{"method":"M","difference":"D","baseline":{"n":10,"sum":5,"sum_squares":9,"denominator_sum":0,"denominator_sum_squares":0,"cross_product":0},"treatment":{"n":10,"sum":5,"sum_squares":9,"denominator_sum":0,"denominator_sum_squares":0,"cross_product":0}}""")]
    [InlineData("srm", """{"observed":[1000000000000,0],"weights":[1e-60,1e60]}""")]
    [InlineData("srm", """{"observed":[0,0],"weights":[1,1]}""")]
    [InlineData("srm", """{"observed":[5,5],"weights":[1e60,5e-324]}""", 400)]
    [InlineData("sample-size", """{"mean":1e-200,"variance":1,"minimal_effect":1e-200,"difference":"relative"}""", 400)]
    [InlineData("sample-size", """{"mean":0.5,"minimal_effect":0.1,"alpha":1e-100,"power":0.9999999999999999,"variations":50,"customers_per_day":0.001}""")]
    [InlineData("sample-size", """{"mean":0.5,"minimal_effect":5e-324}""", 422)]
    [InlineData("sample-size", """{"mean":0.5,"minimal_effect":0.1,"alpha":0.9,"power":0.01}""")]
    public async Task At_the_limits_there_is_an_answer(string calculator, string body, int status = 200)
    {
        foreach (var method in calculator == "compare" ? ["frequentist", "sequential", "bayesian"] : new[] { "" })
        {
            foreach (var difference in calculator == "compare" ? ["absolute", "relative"] : new[] { "" })
            {
                var answer = await PostAsync(calculator, body.Replace("\"M\"", $"\"{method}\"").Replace("\"D\"", $"\"{difference}\""));
                answer.Status.ShouldBe(status, answer.Text);
                _ = answer.Json;
            }
        }
    }

    [Fact]
    public async Task Minus_nought_is_nought()
    {
        foreach (var rest in new[] { "", ",\"sum_squares\":0" })
        {
            var answer = await AskAsync("compare", $$"""{"method":"frequentist","baseline":{"n":100,"sum":-0{{rest}} },"treatment":{"n":100,"sum":12{{rest.Replace("0", "20", StringComparison.Ordinal)}} } }""");
            answer["mean_baseline"]!.ToJsonString().ShouldBe("0");
        }
    }

    [Fact]
    public async Task A_spread_is_tested_against_its_weights()
    {
        var answer = await AskAsync("srm", """{"observed":[315,108,101,32],"weights":[9,3,3,1]}""");
        Number(answer["p_value"]).ShouldBe(0.925, 0.0005);
        ((bool)answer["warning"]!).ShouldBeFalse();
        ((bool)(await AskAsync("srm", """{"observed":[60000,40000],"weights":[50,50]}"""))["warning"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task It_says_how_many_customers_it_takes_and_how_long()
    {
        // (1.959964 + 0.841621)² · (0.09 + 0.12 · 0.88) / 0.02² = 3,837.9.
        var answer = await AskAsync("sample-size", """{"mean":0.1,"minimal_effect":0.2,"difference":"relative","customers_per_day":1000}""");
        Number(answer["customers_per_variation"]).ShouldBe(3839, 2);
        Number(answer["days"]).ShouldBe(8);
        Number((await AskAsync("sample-size", """{"mean":5,"variance":1,"minimal_effect":-0.1}"""))["customers_per_variation"]).ShouldBe(1570);
        (await PostAsync("sample-size", """{"mean":0.5,"minimal_effect":1e-9}""")).Status.ShouldBe(422);
    }

    private static double Number(JsonNode? node) => (double)node!;

    private async Task<JsonObject> AskAsync(string calculator, string body)
    {
        var answer = await PostAsync(calculator, body);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    private Task<Answer> PostAsync(string calculator, string body) => shared.OpenShop().SendAsync(
        HttpMethod.Post, "/api/v1/statistics/" + calculator, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
}
