namespace Vitrine.EndToEnd;

/// <summary>After a failed fsync nobody knows what the disk holds: the server stops promising and ends.</summary>
public sealed class FailedSyncTests
{
    private const int InputOutputError = 74;

    [Fact]
    public async Task A_failed_fsync_ends_the_acknowledging_and_the_process()
    {
        using var folder = new TemporaryFolder();
        var (data, trigger) = (folder["data"], folder["trigger"]);
        var library = await FailingDisk.CompileOrSkipAsync(folder);
        var load = new Load(Seeded.Announced());
        await using (var server = await ServerProcess.StartAsync(Failing(data, library, trigger)))
        {
            var posting = load.RunAsync(server, 6, () => server.Process.HasExited);
            await Poll.UntilAsync("the load is on", TimeSpan.FromSeconds(20), () => load.Acknowledged > 1_000);
            await File.WriteAllTextAsync(trigger, "");
            (await server.Process.ExitAsync(TimeSpan.FromSeconds(20))).ShouldBe(InputOutputError, string.Join('\n', server.Process.Errors));
            await posting;
            var critical = server.Process.Errors.Where(static line => line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal)).ToList();
            critical.Count.ShouldBe(1, string.Join('\n', server.Process.Errors));
            critical[0].ShouldContain("an fsync of the journal failed");
            critical[0].ShouldNotContain("Exception");
        }

        await using var again = await ServerProcess.StartAsync(data);
        await load.ShouldBeKeptAsync(again);
        await load.FinishAsync(again);
        await load.ShouldBeKeptAsync(again);
        await again.StopAsync();
        (await VitrineCommand.RunAsync("journal", "verify", "--data", data)).ShouldSucceed();
    }

    [Fact]
    public async Task Nothing_is_acknowledged_once_an_fsync_has_failed()
    {
        using var folder = new TemporaryFolder();
        var (data, trigger) = (folder["data"], folder["trigger"]);
        var library = await FailingDisk.CompileOrSkipAsync(folder);
        await using var server = await ServerProcess.StartAsync(Failing(data, library, trigger));
        using var client = server.Client();
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        await File.WriteAllTextAsync(trigger, "");
        var answer = await client.PostAsync(Bodies.New(1));
        answer.Status.ShouldBe(503, answer.Body);
        answer.RetryAfter.ShouldNotBeNull();

        // Even if the next one would succeed: the pages of the failed one may be gone.
        File.Delete(trigger);
        try
        {
            (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(503);
        }
        catch (HttpRequestException)
        {
            // Gone already, which is as good.
        }

        (await server.Process.ExitAsync(TimeSpan.FromSeconds(20))).ShouldBe(InputOutputError);
    }

    private static ServerSetup Failing(string data, string library, string trigger) =>
        FailingDisk.Setup(data, library, "FAILING_SYNC_TRIGGER", trigger);
}
