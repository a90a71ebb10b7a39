using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

/// <summary>What is shipped beside the server speaks of what the server has.</summary>
public sealed partial class DeploymentTests(SharedServer shared)
{
    public static TheoryData<string> Files() => new("alerts.yaml", "alerts.test.yaml", "grafana.json");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_metric_that_is_watched_is_there(string file)
    {
        var exposed = Name().Matches((await shared.OpenShop().GetAsync("/metrics")).Text).Select(static match => match.Value).ToHashSet();
        var watched = Name().Matches(await File.ReadAllTextAsync(Repository.Path("deploy", file), TestContext.Current.CancellationToken)).Select(static match => match.Value).Distinct().ToList();
        watched.ShouldNotBeEmpty();
        watched.ShouldBeSubsetOf(exposed);
    }

    [Fact]
    public async Task Every_metric_is_described_for_operators()
    {
        var operations = await File.ReadAllTextAsync(Repository.Path("docs", "operations.md"), TestContext.Current.CancellationToken);
        var exposed = Help().Matches((await shared.OpenShop().GetAsync("/metrics")).Text).Select(static match => match.Groups[1].Value).Distinct();
        exposed.Where(name => !operations.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_dashboards_panels_ask_for_something()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path("deploy", "grafana.json"), TestContext.Current.CancellationToken))!;
        dashboard["panels"]!.AsArray().ShouldAllBe(static panel => panel!["targets"]!.AsArray().All(static target => ((string)target!["expr"]!).Contains("vitrine_")));
    }

    [GeneratedRegex("vitrine_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("# HELP (vitrine_[a-z_]+)")]
    private static partial Regex Help();
}
