using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Cluster;

public sealed partial class ClusterTests
{
    /// <summary>
    /// Within so long all answer again, whatever one process suffers. Ten seconds are what is promised; nats-server takes up to
    /// nine of them to choose another leader, and a busy machine some for itself.
    /// </summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Whichever_node_or_broker_is_killed_nothing_acknowledged_is_lost_or_counted_twice()
    {
        await using var cluster = await RealCluster.StartAsync();
        var load = new Load(Seeded.Announced()) { LargestBatch = 20 };
        var isOver = false;
        var posting = Enumerable.Range(0, RealCluster.Size).Select(node => PostAsync(cluster, load, node, () => Volatile.Read(ref isOver))).ToList();
        for (var index = 0; index < (Build.Long ? RealCluster.Size : 1); index++)
        {
            await AcknowledgesAsync(load);
            await cluster.KillNodeAsync(index);
            await AnswersAsync(cluster, index, $"node {index} was killed");
            await AcknowledgesAsync(load);
            await cluster.StartNodeAsync(index);
        }

        for (var index = 0; index < (Build.Long ? RealCluster.Size : 1); index++)
        {
            await cluster.KillBrokerAsync(index);
            await AnswersAsync(cluster, -1, $"broker {index} was killed");
            await AcknowledgesAsync(load);
            cluster.StartBroker(index);
            await cluster.BrokerIsSoundAsync(index);
        }

        cluster.HaltBroker(0);
        await AnswersAsync(cluster, -1, "a broker was halted");
        await Task.Delay(Build.Long ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        cluster.ResumeBroker(0);
        await cluster.BrokerIsSoundAsync(0);
        await AcknowledgesAsync(load);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(posting);

        await load.FinishAsync(cluster.Nodes[0]);
        foreach (var node in cluster.Nodes)
        {
            await load.ShouldBeKeptAsync(node);
        }
    }

    [Fact]
    public async Task Without_a_majority_of_brokers_nothing_is_acknowledged_and_with_it_all_is_again()
    {
        await using var cluster = await RealCluster.StartAsync();
        using var client = cluster.Nodes[0].Client();
        var kept = Guid.NewGuid();
        (await client.PostAsync(Bodies.Of(kept))).Status.ShouldBe(200);
        await client.PublishAsync("banner", "Hello");
        cluster.HaltBroker(1);
        cluster.HaltBroker(2);
        await Task.WhenAll(cluster.Nodes.Select(static async node =>
        {
            using var asking = node.Client();
            (await asking.PostAsync(Bodies.Of(Guid.NewGuid()))).Status.ShouldBe(503);
            (await asking.FetchAsync("banner")).ShouldContain("Hello", customMessage: "what is decided lies in memory");
        }));

        (await cluster.Nodes[0].ReadinessAsync()).Status.ShouldBe(503);
        cluster.ResumeBroker(1);
        cluster.ResumeBroker(2);
        await AnswersAsync(cluster, -1, "the brokers are back", Recovery * 3); // They choose leaders for everything, one behind the other.
        (await client.ExportAsync()).ShouldContain(one => one.GetProperty("moe_event_uuid").GetGuid() == kept);
    }

    [Fact]
    public async Task What_is_published_at_one_node_all_nodes_decide_by_within_a_second()
    {
        await using var cluster = await RealCluster.StartAsync();
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
        await using var cluster = await RealCluster.StartAsync();
        (await VitrineCommand.RunAsync("workspace", "create", "SECOND", "--new-key", "a-second-secret-key", "--cluster", cluster.Servers)).ShouldSucceed().Text.ShouldContain("Cluster        vitrine");
        (await VitrineCommand.RunAsync("workspace", "list", "--cluster", cluster.Servers)).ShouldSucceed().Text.ShouldContain("SECOND");
        foreach (var node in cluster.Nodes)
        {
            using var client = node.Client("SECOND", "a-second-secret-key");
            await Poll.UntilAsync("the workspace is known", Recovery, async () => (await client.GetAsync("/api/v1/ledger")).Status == 200);
        }
    }

    [Fact]
    public async Task Whichever_node_shows_it_the_link_for_the_first_person_opens_the_same_page()
    {
        await using var cluster = await RealCluster.StartAsync();
        using var browser = new HttpClient(new LostConnections());
        foreach (var printed in cluster.Nodes)
        {
            var link = await printed.Process.SaysAsync(Link(), Recovery);
            foreach (var asked in cluster.Nodes)
            {
                await Poll.UntilAsync("the page is shown", Recovery, async () =>
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
        await using var cluster = await RealCluster.StartAsync();
        using var alone = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(alone.Path))
        {
            await server.StopAsync();
        }

        await cluster.KillNodeAsync(0);
        (await VitrineCommand.RunAsync("serve", "--data", alone.Path, "--cluster", cluster.Servers)).ShouldFailWith("holds journal.db of a server that ran alone");
        (await VitrineCommand.RunAsync("serve", "--data", cluster.FolderOf(0), "--cluster", cluster.Servers, "--cluster-name", "another")).ShouldFailWith("is a node's of another cluster (vitrine, made");
        (await VitrineCommand.RunAsync("serve", "--data", cluster.FolderOf(0))).ShouldFailWith("start it with --cluster");
        (await VitrineCommand.RunAsync("serve", "--cluster", "http://127.0.0.1")).ShouldFailWith("is no server of NATS");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--roles", "cook")).ShouldFailWith("'cook' is no role");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--urls", "http://0.0.0.0:0")).ShouldFailWith("give --advertise");
        (await VitrineCommand.RunAsync("serve", "--cluster", cluster.Servers, "--journal-retention-age", "30d")).ShouldFailWith("docs/cluster.md");
    }

    [GeneratedRegex(@"Make the first person: http://[^/]+(/welcome\?code=\w+)")]
    private static partial Regex Link();

    /// <summary>Posts at a node for as long as it lives, and again when it is back.</summary>
    private static async Task PostAsync(RealCluster cluster, Load load, int node, Func<bool> isOver)
    {
        while (!isOver())
        {
            var server = cluster.Nodes[node];
            await load.RunAsync(server, 2, () => isOver() || server.Process.HasExited);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Every node but one takes an event.</summary>
    private static async Task AnswersAsync(RealCluster cluster, int dead, string after, TimeSpan? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Nodes.Where((_, index) => index != dead).Select(async node =>
        {
            using var client = node.Client(ServerSetup.Workspace + "_DEBUG"); // Beside what the load has sent.
            await Poll.UntilAsync($"all nodes answer after {after}", limit ?? Recovery, async () => (await client.PostAsync(Bodies.Of(Guid.NewGuid()))).Status == 200);
        }));
        TestContext.Current.TestOutputHelper!.WriteLine($"{after}: all answer after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private static async Task AcknowledgesAsync(Load load)
    {
        var before = load.Acknowledged;
        await Poll.UntilAsync("events are acknowledged", Recovery * 2, () => load.Acknowledged > before + 200);
    }
}
