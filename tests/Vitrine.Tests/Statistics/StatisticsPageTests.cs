using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Statistics;

/// <summary>What <c>docs/statistics.md</c> shows is what the server answers.</summary>
public sealed partial class StatisticsPageTests(SharedServer shared)
{
    [Theory]
    [InlineData("compare", 0)]
    [InlineData("srm", 3)]
    [InlineData("sample-size", 5)]
    public async Task An_example_of_the_page_is_answered_as_the_page_says(string calculator, int example)
    {
        var examples = Example().Matches(File.ReadAllText(Repository.Path("docs", "statistics.md"))).Select(static match => match.Groups[1].Value).ToList();
        examples.Count.ShouldBe(7);
        var answer = await shared.OpenShop().SendAsync(
            HttpMethod.Post, "/api/v1/statistics/" + calculator, request => request.Content = new StringContent(examples[example], Encoding.UTF8, "application/json"));
        answer.Status.ShouldBe(200, answer.Text);
        Rounded(answer.Json).ShouldBe(Rounded(JsonNode.Parse(examples[example + 1])!));
    }

    /// <summary>The fields in their order, figures to five decimals.</summary>
    private static string Rounded(JsonNode? node) => node switch
    {
        JsonObject fields => string.Join("; ", fields.Select(static field => $"{field.Key} {Rounded(field.Value)}")),
        JsonArray items => string.Join(", ", items.Select(Rounded)),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => $"{Math.Round((double)value, 5)}",
        _ => $"{node}",
    };

    [GeneratedRegex("^```json\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
