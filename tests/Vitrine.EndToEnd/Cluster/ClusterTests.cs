using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Cluster;

public sealed partial class ClusterTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Whichever_node_or_broker_is_killed_nothing_acknowledged_is_lost_or_counted_twice()
    {
        var cluster = await shared.WholeAsync();
        using var load = new ClusterLoad(cluster);
        for (var index = 0; index < (Build.Long ? RealCluster.Size : 1); index++)
        {
            await load.AcknowledgesAsync();
            await cluster.KillNodeAsync(index);
            await ClusterLoad.AnswersAsync(cluster, $"node {index} was killed");
            await load.AcknowledgesAsync();
            await cluster.StartNodeAsync(index);
        }

        for (var index = 0; index < (Build.Long ? RealCluster.Size : 1); index++)
        {
            await cluster.KillBrokerAsync(index);
            await ClusterLoad.AnswersAsync(cluster, $"broker {index} was killed");
            await load.AcknowledgesAsync();
            cluster.StartBroker(index);
            await cluster.BrokerIsSoundAsync(index);
        }

        cluster.HaltBroker(0);
        await ClusterLoad.AnswersAsync(cluster, "a broker was halted");
        await Task.Delay(Build.Long ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        cluster.ResumeBroker(0);
        await cluster.BrokerIsSoundAsync(0);
        await load.AcknowledgesAsync();
        await load.ShouldBeKeptAsync();
    }

    [Fact]
    public async Task Without_a_majority_of_brokers_nothing_is_acknowledged_and_with_it_all_is_again()
    {
        var cluster = await shared.WholeAsync();
        using var client = cluster.Nodes[0].Client(ServerSetup.Workspace + "_DEBUG"); // Beside what a load sends.
        using var author = cluster.Nodes[0].Client();
        var kept = Guid.NewGuid();
        (await client.PostAsync(Bodies.Of(kept))).Status.ShouldBe(200);
        await author.PublishAsync("majority", "Hello");
        cluster.HaltBroker(1);
        cluster.HaltBroker(2);
        await Task.WhenAll(cluster.Nodes.Select(static async node =>
        {
            using var posting = node.Client(ServerSetup.Workspace + "_DEBUG");
            using var asking = node.Client();
            (await posting.PostAsync(Bodies.Of(Guid.NewGuid()))).Status.ShouldBe(503);
            (await asking.FetchAsync("majority")).ShouldContain("Hello", customMessage: "what is decided lies in memory");
        }));

        (await cluster.Nodes[0].ReadinessAsync()).Status.ShouldBe(503);
        cluster.ResumeBroker(1);
        cluster.ResumeBroker(2);
        await ClusterLoad.AnswersAsync(cluster, "the brokers are back", ClusterLoad.Recovery * 3); // They choose leaders for everything, one behind the other.
        (await client.ExportAsync()).ShouldContain(one => one.GetProperty("moe_event_uuid").GetGuid() == kept);
    }

    [Fact]
    public async Task What_is_published_at_one_node_all_nodes_decide_by_within_a_second()
    {
        var cluster = await shared.WholeAsync();
        using var author = cluster.Nodes[0].Client();
        await author.PublishAsync("banner", "Hello");
        var published = Stopwatch.GetTimestamp();
        foreach (var node in cluster.Nodes)
        {
            using var client = node.Client();
            await Poll.UntilAsync("it decides by what was published", TimeSpan.FromSeconds(1), async () => (await client.FetchAsync("banner")).Contains("Hello", StringComparison.Ordinal));
        }

        Stopwatch.GetElapsedTime(published).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Commands_change_what_all_nodes_know()
    {
        var cluster = await shared.WholeAsync();
        (await VitrineCommand.RunAsync("workspace", "create", "SECOND", "--new-key", "a-second-secret-key", "--cluster", cluster.Servers)).ShouldSucceed().Text.ShouldContain("Cluster        vitrine");
        (await VitrineCommand.RunAsync("workspace", "list", "--cluster", cluster.Servers)).ShouldSucceed().Text.ShouldContain("SECOND");
        foreach (var node in cluster.Nodes)
        {
            using var client = node.Client("SECOND", "a-second-secret-key");
            await Poll.UntilAsync("the workspace is known", ClusterLoad.Recovery, async () => (await client.GetAsync("/api/v1/ledger")).Status == 200);
        }
    }

    [Fact]
    public async Task Whichever_node_shows_it_the_link_for_the_first_person_opens_the_same_page()
    {
        var cluster = await shared.WholeAsync();
        using var browser = new HttpClient(new LostConnections());
        foreach (var printed in cluster.Nodes)
        {
            var link = await printed.Process.SaysAsync(Link(), ClusterLoad.Recovery);
            foreach (var asked in cluster.Nodes)
            {
                await Poll.UntilAsync("the page is shown", ClusterLoad.Recovery, async () =>
                {
                    using var answer = await browser.GetAsync(new Uri(asked.Address, link));
                    return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("password", StringComparison.OrdinalIgnoreCase);
                });
            }
        }
    }

    [Fact]
    public async Task A_start_that_cannot_be_says_why()
    {
        var cluster = await shared.WholeAsync();
        using var alone = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(alone.Path))
        {
            await server.StopAsync();
        }

        await cluster.KillNodeAsync(0);
        (await VitrineCommand.RunAsync("serve", "--data", alone.Path, "--cluster", cluster.Servers)).ShouldFailWith("holds journal.db of a server that ran alone");
        (await VitrineCommand.RunAsync("serve", "--data", cluster.FolderOf(0), "--cluster", cluster.Servers, "--cluster-name", "another")).ShouldFailWith("is a node's of another cluster (vitrine-");
        (await VitrineCommand.RunAsync("serve", "--data", cluster.FolderOf(0))).ShouldFailWith("start it with --cluster");
        (await VitrineCommand.RunAsync("serve", "--cluster", "http://127.0.0.1")).ShouldFailWith("is no server of NATS");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--roles", "cook")).ShouldFailWith("'cook' is no role");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--urls", "http://0.0.0.0:0")).ShouldFailWith("give --advertise");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--advertise", "here")).ShouldFailWith("'here' is no address at which other nodes can reach this one");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--advertise", "ftp://10.0.0.7")).ShouldFailWith("'ftp://10.0.0.7/' is no address at which other nodes can reach this one");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--demo")).ShouldFailWith("docs/cluster.md");
    }

    [GeneratedRegex(@"Make the first person: http://[^/]+(/welcome\?code=\w+)")]
    private static partial Regex Link();
}

/// <summary>One cluster for tests that come one behind the other, and each find it whole.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    private RealCluster? _cluster;

    /// <summary>Starts it, or what the test before has left dead or halted.</summary>
    internal async Task<RealCluster> WholeAsync()
    {
        if (_cluster is null)
        {
            return _cluster = await RealCluster.StartAsync();
        }

        await _cluster.MendAsync();
        await ClusterLoad.AnswersAsync(_cluster, "the test before", ClusterLoad.Recovery * 3);
        return _cluster;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
