namespace Vitrine.EndToEnd.Cluster;

/// <summary>A server that moves into a cluster, and back.</summary>
public sealed class MigrationTests
{
    private const int Connections = 4;
    private const int Kills = 12;

    [Fact]
    public async Task A_server_moves_into_a_cluster_of_three_nodes_and_back_and_counts_every_event_once()
    {
        await using var cluster = await RealCluster.StartBrokersAsync();
        using var folder = new TemporaryFolder();
        var load = new Load(Seeded.Announced());
        await FillAsync(folder["alone"], load, 5_000);

        var moved = (await ToClusterAsync(folder["alone"], cluster)).ShouldSucceed();

        moved.Text.ShouldContain("SHA-256 over positions and records");
        moved.Text.ShouldNotContain("NOT EQUAL");
        (await VitrineCommand.RunAsync("serve", "--data", folder["alone"])).ShouldFailWith("was moved to the cluster vitrine");
        (await VitrineCommand.RunAsync("workspace", "create", "LATE", "--data", folder["alone"])).ShouldFailWith("was moved to the cluster vitrine");
        await cluster.StartNodesAsync();
        foreach (var node in cluster.Nodes)
        {
            await load.ShouldBeKeptAsync(node);
        }

        (await FromClusterAsync(folder["early"], cluster)).ShouldFailWith("Nodes of the cluster run");
        var before = load.Acknowledged;
        await load.RunAsync(cluster.Nodes[0], Connections, () => load.Acknowledged > before + 1_000);
        await load.FinishAsync(cluster.Nodes[1]);
        await StopNodesAsync(cluster);

        (await FromClusterAsync(folder["back"], cluster)).ShouldSucceed().Text.ShouldNotContain("NOT EQUAL");

        (await VitrineCommand.RunAsync("serve", "--data", cluster.FolderOf(0), "--cluster", cluster.Servers)).ShouldFailWith("was moved into a data folder");
        (await VitrineCommand.RunAsync("journal", "verify", "--data", folder["back"])).ShouldSucceed().Text.ShouldEndWith("sound");
        await using var alone = await ServerProcess.StartAsync(folder["back"]);
        await load.ShouldBeKeptAsync(alone);
    }

    [Fact]
    public async Task Killed_at_random_moments_a_move_is_done_again_and_loses_nothing()
    {
        Assert.SkipUnless(Build.Long, "Long: ./test --long");
        await using var cluster = await RealCluster.StartBrokersAsync();
        using var folder = new TemporaryFolder();
        var random = Seeded.Announced();
        var load = new Load(random);
        await FillAsync(folder["alone"], load, 5_000);
        for (var kill = 0; kill < Kills && !File.Exists(folder["alone/migrated"]); kill++)
        {
            await KillAsync(["migrate", "to-cluster", "--data", folder["alone"], "--cluster", cluster.Servers], random);
        }

        if (!File.Exists(folder["alone/migrated"]))
        {
            await FillAsync(folder["alone"], load, 1_000); // It is in use as before.
            (await ToClusterAsync(folder["alone"], cluster)).ShouldSucceed();
        }

        await cluster.StartNodesAsync();
        await load.ShouldBeKeptAsync(cluster.Nodes[2]);
        await StopNodesAsync(cluster);
        for (var kill = 0; kill < Kills && !File.Exists(folder["back/journal.db"]); kill++)
        {
            await KillAsync(["migrate", "from-cluster", "--data", folder["back"], "--cluster", cluster.Servers], random);
        }

        if (!File.Exists(folder["back/journal.db"]))
        {
            (await FromClusterAsync(folder["back"], cluster)).ShouldSucceed();
        }

        await using var alone = await ServerProcess.StartAsync(folder["back"]);
        await load.ShouldBeKeptAsync(alone);
    }

    private static Task<CommandResult> ToClusterAsync(string data, RealCluster cluster) =>
        VitrineCommand.RunAsync("migrate", "to-cluster", "--data", data, "--cluster", cluster.Servers);

    private static Task<CommandResult> FromClusterAsync(string data, RealCluster cluster) =>
        VitrineCommand.RunAsync("migrate", "from-cluster", "--data", data, "--cluster", cluster.Servers);

    private static async Task FillAsync(string data, Load load, int events)
    {
        await using var alone = await ServerProcess.StartAsync(data);
        var before = load.Acknowledged;
        await load.RunAsync(alone, Connections, () => load.Acknowledged > before + events);
        await load.FinishAsync(alone);
        await alone.StopAsync();
    }

    private static Task StopNodesAsync(RealCluster cluster) => Task.WhenAll(cluster.Nodes.Select(static node => node.StopAsync()));

    private static async Task KillAsync(string[] arguments, Seeded random)
    {
        await using var process = VitrineCommand.Start(arguments, null);
        await Task.Delay(random.Between(300, 6_000), TestContext.Current.CancellationToken);
        await process.KillAsync();
    }
}
