using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Cluster;
using Vitrine.Decisions;
using Vitrine.Projection.Lookups;
using Vitrine.Tests.Decisions;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Cluster;

/// <summary>Two nodes: one that does everything, and one that only decides.</summary>
internal sealed class SplitCluster : IAsyncDisposable
{
    private SplitCluster(ClusterOptions options, TestServer projecting, TestServer deciding, Shop shop) =>
        (Options, Projecting, Deciding, Shop) = (options, projecting, deciding, shop);

    public ClusterOptions Options { get; }

    public TestServer Projecting { get; private set; }

    public TestServer Deciding { get; }

    /// <summary>At the one that projects.</summary>
    public Shop Shop { get; }

    /// <summary>The same at the one that does not.</summary>
    public Shop Elsewhere => Shop.On(Deciding);

    public static async Task<SplitCluster> StartAsync(NatsServers nats, bool pseudonyms = false)
    {
        var options = nats.NewCluster();
        var projecting = await StartAsync(options, Roles.All);
        var deciding = await StartAsync(options, Roles.Decide);
        var shop = new Shop(projecting, WorkspaceRules.NewId(), WorkspaceRules.NewKey());
        projecting.Catalog.CreateWorkspace(shop.Id, shop.Key, DateTimeZoneProviders.Tzdb["Europe/Zurich"], new WorkspaceSettings { PseudonymKey = pseudonyms ? new string('5', 64) : null });
        await Eventually.BeTrueAsync(() => Task.FromResult(deciding.Catalog.Current.Find(shop.Id) is not null));
        return new SplitCluster(options, projecting, deciding, shop);
    }

    /// <summary>Publishes an experience for whom a condition holds, and waits until both nodes know.</summary>
    public async Task PublishedAsync(string key, string? match)
    {
        var document = Authoring.Document(key, key);
        document["audiences"] = JsonNode.Parse("""
            [{"name":"Those","variations":[{"name":"Only","payload":{"title":{"data_type":"string","value":"Hello {{ user.first_name | default: \"there\" }}"}}}]}]
            """);
        document["audiences"]![0]!["match"] = match is null ? null : JsonNode.Parse(match);
        if (match is null)
        {
            document["audiences"] = new JsonArray(Authoring.Audience("Everybody", ("Only", 100)));
        }

        await Shop.PublishedAsync(document);
        await Eventually.BeTrueAsync(() => Task.FromResult(Deciding.Service<DecisionSource>().Of(Shop.Id).Find(Encoding.UTF8.GetBytes(key)) is not null));
    }

    /// <summary>Waits until what was reported is projected, and what customers did is counted.</summary>
    public async Task CountedAsync()
    {
        await Projecting.ProjectedAsync();
        await Eventually.BeTrueAsync(async () => (await Elsewhere.FetchAsync("""{"identifiers":{"customer_id":"somebody"}}""")).Status == 200);
    }

    /// <summary>What is delivered, which has to be the same at both.</summary>
    public async Task<IReadOnlyList<string>> FetchedAsync(string body)
    {
        var (here, there) = (await Shop.FetchAsync(body, "return=representation"), await Elsewhere.FetchAsync(body, "return=representation"));
        there.Status.ShouldBe(200, there.Text);
        there.Text.ShouldBe(here.Text);
        return [.. there.Json["experiences"]!.AsObject().Select(static one => one.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>How often the one that does not project has asked.</summary>
    public async Task<int> LookupsAsync() => (await Elsewhere.GetAsync("/metrics")).Text.Split('\n')
        .Where(static line => line.StartsWith("vitrine_cluster_lookups_total{", StringComparison.Ordinal))
        .Sum(static line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));

    public CustomerQuestion Question(string customer)
    {
        var question = new CustomerQuestion { EnvironmentId = Encoding.UTF8.GetBytes(Shop.Id), WantsProfile = true };
        question.CustomerId.WriteRaw(Encoding.UTF8.GetBytes(customer));
        return question;
    }

    public async Task<CustomerQuestion> AskAsync(TestServer node, string customer)
    {
        var question = Question(customer);
        (await node.Service<ICustomerLookup>().AnswerAsync(question, TestContext.Current.CancellationToken)).ShouldBe(LookupOutcome.Answered);
        return question;
    }

    public ValueTask StopProjectingAsync() => Projecting.DisposeAsync();

    public async Task StartProjectingAsync() => Projecting = await StartAsync(Options, Roles.All);

    public async ValueTask DisposeAsync()
    {
        await Deciding.DisposeAsync();
        await Projecting.DisposeAsync();
    }

    private static Task<TestServer> StartAsync(ClusterOptions options, Roles roles) =>
        TestServer.StartAsync(options: settings => settings with { Cluster = options with { Roles = roles } });
}
