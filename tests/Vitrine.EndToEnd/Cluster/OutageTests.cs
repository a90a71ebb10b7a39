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
