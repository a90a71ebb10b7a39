using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Statistics;

public sealed class CalculatorRefusalTests(SharedServer shared)
{
    [Theory]
    [InlineData("""{"method":"magic","baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/method", "frequentist, sequential, bayesian")]
    [InlineData("""{"method":"frequentist","alpha":0,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/alpha", "below 1")]
    [InlineData("""{"method":"frequentist","alpha":1,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/alpha", "below 1")]
    [InlineData("""{"method":"frequentist","difference":"big","baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/difference", "absolute, relative")]
    [InlineData("""{"method":"frequentist","tuning":5,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/tuning", "sequential")]
    [InlineData("""{"method":"sequential","tuning":0,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/tuning", "above 0")]
    [InlineData("""{"method":"sequential","prior":{"mean":0,"variance":1},"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/prior", "bayesian")]
    [InlineData("""{"method":"bayesian","prior":{"mean":0,"variance":0},"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/prior/variance", "above 0")]
    [InlineData("""{"method":"frequentist","baseline":{"n":5,"sum":6},"treatment":{"n":5,"sum":1}}""", "/baseline/sum", "0 to n")]
    [InlineData("""{"method":"frequentist","baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":-1}}""", "/treatment/sum", "0 to n")]
    [InlineData("""{"method":"frequentist","baseline":{"n":-1,"sum":0},"treatment":{"n":5,"sum":1}}""", "/baseline/n", "0 to")]
    [InlineData("""{"method":"frequentist","baseline":{"n":4,"sum":4,"sum_squares":3},"treatment":{"n":5,"sum":1,"sum_squares":1}}""", "/baseline/sum_squares", "at least")]
    [InlineData("""{"method":"frequentist","baseline":{"n":4,"sum":1e300,"sum_squares":3},"treatment":{"n":5,"sum":1,"sum_squares":1}}""", "/baseline/sum", "between")]
    [InlineData("""{"method":"frequentist","baseline":{"n":4,"sum":1},"treatment":{"n":5,"sum":1,"sum_squares":1}}""", "/treatment", "same sums")]
    [InlineData("""{"method":"frequentist","baseline":{"n":4,"sum":1,"denominator_sum":3},"treatment":{"n":5,"sum":1}}""", "/baseline/cross_product", "required of a ratio")]
    [InlineData("""{"method":"frequentist","alpha":1e-200,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/alpha", "at least")]
    [InlineData("""{"method":"bayesian","prior":{"mean":1e99,"variance":1},"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""", "/prior/mean", "between")]
    [InlineData("""{"method":"frequentist","baseline":{"n":2,"sum":3,"sum_squares":5,"denominator_sum":3,"denominator_sum_squares":5,"cross_product":5.1},"treatment":{"n":5,"sum":1}}""", "/baseline/cross_product", "lies between")]
    [InlineData("""{"method":"frequentist","baseline":{"n":2,"sum":3,"sum_squares":5,"denominator_sum":3,"denominator_sum_squares":5,"cross_product":3.9},"treatment":{"n":5,"sum":1}}""", "/baseline/cross_product", "lies between")]
    public async Task What_makes_no_sense_is_refused_and_named(string body, string path, string reason)
    {
        var answer = await PostAsync("compare", body);
        answer.Status.ShouldBe(400, answer.Text);
        answer.Errors.ShouldContain(error => error.Path == path && error.Reason.Contains(reason), answer.Text);
    }

    [Theory]
    [InlineData("compare", "{")]
    [InlineData("compare", "null")]
    [InlineData("compare", "[]")]
    [InlineData("compare", """{"method":"frequentist"}""")]
    [InlineData("compare", """{"method":"frequentist","methods":1,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""")]
    [InlineData("compare", """{"method":"frequentist","baseline":{"n":5.5,"sum":1},"treatment":{"n":5,"sum":1}}""")]
    [InlineData("compare", """{"method":"frequentist","baseline":null,"treatment":{"n":5,"sum":1}}""")]
    [InlineData("compare", """{"method":null,"baseline":{"n":5,"sum":1},"treatment":{"n":5,"sum":1}}""")]
    [InlineData("compare", """{"method":"frequentist","baseline":{"n":5,"sum":1e400},"treatment":{"n":5,"sum":1}}""")]
    [InlineData("compare", """{"method":"frequentist","baseline":{"n":5,"sum":1,"sum":2},"treatment":{"n":5,"sum":1}}""")]
    [InlineData("srm", """{"observed":[1,2]}""")]
    [InlineData("srm", """{"observed":null,"weights":null}""")]
    [InlineData("srm", """{"observed":[1,2],"weights":[1]}""")]
    [InlineData("srm", """{"observed":[1,-2],"weights":[1,1]}""")]
    [InlineData("srm", """{"observed":[1,2],"weights":[1,0]}""")]
    [InlineData("srm", """{"observed":[1,0],"weights":[1,0]}""")]
    [InlineData("srm", """{"observed":[],"weights":[]}""")]
    [InlineData("sample-size", """{"mean":0.1}""")]
    [InlineData("sample-size", """{"mean":0,"minimal_effect":0.1}""")]
    [InlineData("sample-size", """{"mean":0.1,"minimal_effect":0}""")]
    [InlineData("sample-size", """{"mean":0.1,"minimal_effect":0.95}""")]
    [InlineData("sample-size", """{"mean":0.1,"minimal_effect":0.01,"variations":1}""")]
    [InlineData("sample-size", """{"mean":0,"variance":1,"minimal_effect":0.1,"difference":"relative"}""")]
    [InlineData("sample-size", """{"mean":0.1,"minimal_effect":0.01,"power":1}""")]
    public async Task A_question_that_is_none_is_refused(string calculator, string body)
    {
        var answer = await PostAsync(calculator, body);
        answer.Status.ShouldBe(400, answer.Text);
        ((string)answer.Json["detail"]!).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("compare", """{"methods":"bayesian","alpha":"x","baseline":{"n":5.5,"sum":1e400,"sum_squres":1},"treatment":[1]}""",
        "/methods is none of method, alpha, difference, tuning, prior, baseline, treatment|/alpha must be a number|/baseline/n must be a whole number|/baseline/sum must be a number|/baseline/sum_squres is none of n, sum,|/treatment must be an object|/method is required")]
    [InlineData("compare", """{"method":1,"alpha":null,"prior":{"mean":true},"baseline":null,"treatment":{"n":9223372036854775808}}""",
        "/method must be a string|/prior/mean must be a number|/prior/variance is required|/baseline must be an object|/treatment/n must be a whole number|/treatment/sum is required")]
    [InlineData("srm", """{"observed":[1,"2",3.5],"weights":{"a":1},"a/b~":0}""",
        "/observed/1 must be a whole number|/observed/2 must be a whole number|/weights must be a list|/a~1b~0 is none of observed, weights")]
    [InlineData("sample-size", """{"mean":0.1,"minimal_effect":[],"variations":2.5}""", "/minimal_effect must be a number|/variations must be a whole number")]
    [InlineData("srm", "[]", " must be an object")]
    [InlineData("srm", "null", " must be an object")]
    public async Task Every_field_that_is_not_as_described_is_named(string calculator, string body, string errors)
    {
        var answer = await PostAsync(calculator, body);
        answer.Status.ShouldBe(400, answer.Text);
        var expected = errors.Split('|');
        answer.Errors.Count.ShouldBe(expected.Length, answer.Text);
        foreach (var error in expected)
        {
            answer.Errors.ShouldContain(given => $"{given.Path} {given.Reason}".StartsWith(error, StringComparison.Ordinal), $"{error} in {answer.Text}");
        }
    }

    [Theory]
    [InlineData("""{"method":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("""{"method":"frequentist","alpha":NaN}""")]
    public async Task What_is_no_JSON_is_refused(string body) => (await PostAsync("compare", body)).Status.ShouldBe(400);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() =>
        (await PostAsync("srm", $$"""{"observed":[{{new string(' ', 65 * 1024)}}1,2],"weights":[1,1]}""")).Status.ShouldBe(413);

    [Fact]
    public async Task Only_the_holder_of_a_key_calculates()
    {
        var shop = shared.OpenShop();
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/statistics/srm", request =>
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            Shop.AddHeader(request.Headers, "Authorization", null);
        })).Status.ShouldBe(401);
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/statistics/srm", JsonNode.Parse("{}"), contentType: "text/plain")).Status.ShouldBe(415);
    }

    private Task<Answer> PostAsync(string calculator, string body) => shared.OpenShop().SendAsync(
        HttpMethod.Post, "/api/v1/statistics/" + calculator, request => request.Content = new StringContent(body, Encoding.UTF8, "application/json"));
}
