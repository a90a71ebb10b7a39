namespace Vitrine.EndToEnd;

public sealed class KillTests
{
    private const int Connections = 6;

    [Fact]
    public async Task Killed_at_random_moments_it_loses_nothing_and_counts_nothing_twice()
    {
        var kills = Build.Long ? 1_000 : 6;
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        var load = new Load(random) { LargestBatch = Build.Long ? 10 : 100 };
        for (var kill = 0; kill < kills; kill++)
        {
            if (random.Below(5) == 0)
            {
                await KillWhileItStartsAsync(folder.Path, random);
            }
            else
            {
                await KillUnderLoadAsync(folder.Path, load, random);
            }
        }

        await using var server = await ServerProcess.StartAsync(folder.Path);
        await load.FinishAsync(server);
        load.Lost.ShouldBeGreaterThan(0, "no request was cut short: the kills came when nothing was going on");
        await load.ShouldBeKeptAsync(server);
        await server.KillAsync();
        var verified = (await VitrineCommand.RunAsync("journal", "verify", "--data", folder.Path)).ShouldSucceed();
        verified.Text.ShouldContain("positions 1–");
        verified.Text.ShouldEndWith("sound");
    }

    [Fact]
    public async Task Killed_again_and_again_while_it_catches_up_it_ends_with_the_same_events()
    {
        using var folder = new TemporaryFolder();
        var random = Seeded.Announced();
        var load = new Load(random);
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            await load.RunAsync(server, Connections, () => load.Acknowledged > 10_000);
            await server.KillAsync();
        }

        File.Delete(folder["projection.duckdb"]);
        File.Delete(folder["projection.duckdb.wal"]);
        for (var kill = 0; kill < (Build.Long ? 10 : 2); kill++)
        {
            await KillWhileItStartsAsync(folder.Path, random);
        }

        await using var last = await ServerProcess.StartAsync(folder.Path);
        await load.ShouldBeKeptAsync(last);
    }

    private static async Task KillUnderLoadAsync(string data, Load load, Seeded random)
    {
        await using var server = await ServerProcess.StartAsync(data);
        var posting = load.RunAsync(server, Connections, () => server.Process.HasExited);
        await Task.Delay(random.Between(20, 500), TestContext.Current.CancellationToken);
        await server.KillAsync();
        await posting;
    }

    private static async Task KillWhileItStartsAsync(string data, Seeded random)
    {
        await using var server = ServerProcess.Launch(new ServerSetup(data));
        await Task.Delay(random.Between(100, 800), TestContext.Current.CancellationToken);
        await server.KillAsync();
    }
}
