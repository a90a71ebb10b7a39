namespace Vitrine.EndToEnd.Cluster;

/// <summary>What happens to a cluster seldom, and takes long to try: each under load, and nothing acknowledged is lost or counted twice.</summary>
public sealed class OutageTests
{
    private const string Reason = "A cluster of its own, and a minute of outage; ./test --long does it.";

    [Fact]
    public async Task A_machine_that_is_cut_off_acknowledges_nothing_and_the_others_go_on()
    {
        Assert.SkipUnless(Build.Long, Reason);
        using var network = CutNetwork.CreateOrSkip(RealCluster.Size);
        await using var cluster = await RealCluster.StartAsync(network);
        using (var author = cluster.Nodes[0].Client())
        {
            await author.PublishAsync("banner", "Hello");
        }

        using var load = new ClusterLoad(cluster);
        for (var machine = 0; machine < RealCluster.Size; machine++)
        {
            var alone = cluster.Nodes[machine];
            await load.AcknowledgesAsync();
            network.Cut(machine);
            var refusing = RefusesAsync(alone, times: 4);
            await ClusterLoad.AnswersAsync(cluster, $"machine {machine} was cut off", except: alone);
            await load.AcknowledgesAsync();
            await refusing;
            using (var client = alone.Client())
            {
                (await client.FetchAsync("banner")).ShouldContain("Hello", customMessage: "what is decided lies in memory");
                (await client.GetAsync("/api/v1/reports/experiences")).Status.ShouldBe(200, "what was counted lies on its disk");
            }

            (await alone.ReadinessAsync()).Status.ShouldBe(503);
            network.Heal(machine);
            await ClusterLoad.AnswersAsync(cluster, $"machine {machine} is back", ClusterLoad.Recovery * 3); // TCP tries again ever more seldom.
            await cluster.BrokerIsSoundAsync(machine);
        }

        await load.AcknowledgesAsync();
        await load.ShouldBeKeptAsync();
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("killed")]
    public async Task A_cluster_of_which_nothing_runs_any_more_has_everything_when_it_is_started_again(string how)
    {
        Assert.SkipUnless(Build.Long, Reason);
        await using var cluster = await RealCluster.StartAsync();
        using var load = new ClusterLoad(cluster);
        for (var time = 0; time < 2; time++)
        {
            await load.AcknowledgesAsync();
            await (how == "killed" ? cluster.KillAsync() : cluster.StopAsync());
            await cluster.MendAsync();
            await ClusterLoad.AnswersAsync(cluster, $"everything was {how}", ClusterLoad.Recovery * 3);
        }

        await load.AcknowledgesAsync();
        await load.ShouldBeKeptAsync();
    }

    [Fact]
    public async Task Nodes_come_and_go_and_the_new_one_reports_what_the_others_do()
    {
        Assert.SkipUnless(Build.Long, Reason);
        await using var cluster = await RealCluster.StartAsync();
        using var load = new ClusterLoad(cluster);
        await load.AcknowledgesAsync();
        load.PostAt(await cluster.AddNodeAsync());
        await ClusterLoad.AnswersAsync(cluster, "a node was added");
        await load.AcknowledgesAsync();
        await cluster.Nodes[0].StopAsync();
        await ClusterLoad.AnswersAsync(cluster, "a node was stopped");
        await load.AcknowledgesAsync();
        await cluster.KillNodeAsync(1);
        await ClusterLoad.AnswersAsync(cluster, "a node was killed");
        await load.AcknowledgesAsync();
        load.PostAt(await cluster.AddNodeAsync());
        await ClusterLoad.AnswersAsync(cluster, "another node was added");
        await load.AcknowledgesAsync();
        cluster.Living.Count.ShouldBe(3);
        await load.ShouldBeKeptAsync();
    }

    [Fact]
    public async Task A_leader_that_is_killed_in_the_middle_of_a_snapshot_leaves_none_and_another_one_takes_it()
    {
        Assert.SkipUnless(Build.Long, Reason);
        await using var cluster = await RealCluster.StartAsync(nodeArguments: ["--cluster-snapshot-interval", "1m"]);
        using var load = new ClusterLoad(cluster);
        var moments = Seeded.Announced();
        for (var time = 0; time < 3; time++)
        {
            var leader = await SnapshotBeginsAsync(cluster);
            await Task.Delay(time * moments.Below(100), TestContext.Current.CancellationToken); // At first at once, then anywhere in it.
            await cluster.KillNodeAsync(leader);
            (time > 0 || !HasTaken(cluster.Nodes[leader])).ShouldBeTrue("it was killed before it had taken the snapshot");
            await ClusterLoad.AnswersAsync(cluster, "the leader was killed in the middle of a snapshot");
            await cluster.MendAsync();
        }

        await Poll.UntilAsync("a snapshot is taken", TimeSpan.FromMinutes(3), () => cluster.Living.Any(HasTaken));
        var added = await cluster.AddNodeAsync();
        Logs(cluster.Nodes[added], "The projection starts from the snapshot").ShouldBeTrue();
        load.PostAt(added);
        await load.AcknowledgesAsync();
        await load.ShouldBeKeptAsync();

        static bool HasTaken(ServerProcess node) => Logs(node, "A snapshot of the projection");
        static bool Logs(ServerProcess node, string text) => node.Process.Errors.Any(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Waits until a node writes a snapshot; answers its number.</summary>
    private static async Task<int> SnapshotBeginsAsync(RealCluster cluster)
    {
        var node = -1;
        await Poll.UntilAsync("a snapshot is begun", TimeSpan.FromMinutes(3), () =>
            (node = Enumerable.Range(0, RealCluster.Size).FirstOrDefault(index => File.Exists(Path.Combine(cluster.FolderOf(index), "projection.base.duckdb.writing")), -1)) >= 0);
        return node;
    }

    /// <summary>Posts over some connections at a node that must not acknowledge anything, until each was refused so many times.</summary>
    private static Task RefusesAsync(ServerProcess node, int times) => Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
    {
        using var client = node.Client(ServerSetup.Workspace + "_DEBUG");
        for (var time = 0; time < times; time++)
        {
            (await client.PostAsync(Bodies.Of(Guid.NewGuid()))).Status.ShouldBe(503);
        }
    }));
}
