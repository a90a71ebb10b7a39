namespace Vitrine.EndToEnd;

/// <summary>The executable that is given away: one file that brings everything along.</summary>
public sealed class PublishedFileTests
{
    [Fact]
    public async Task One_file_alone_takes_events_and_reports_them()
    {
        Assert.SkipUnless(Build.Long, "Publishing takes half a minute; ./test --long does it.");
        using var folder = new TemporaryFolder();
        await PublishAsync(folder);
        Directory.GetFiles(folder["published"]).Select(Path.GetFileName).ShouldBe(["vitrine"]);
        Directory.CreateDirectory(folder["libraries"]);

        // The settings make librdkafka a cluster of its own, which shows that the library is within the file.
        var forward = Forwarding.Setup(folder, folder["data"], """{"name":"kafka","kind":"kafka","brokers":"mock","topic":"events","from":"beginning","settings":{"test.mock.num.brokers":1}}""");
        await using var server = await ServerProcess.StartAsync(forward with
        {
            Executable = folder["published/vitrine"],
            Environment = new Dictionary<string, string>
            {
                ["VITRINE_WORKSPACE"] = ServerSetup.Workspace,
                ["VITRINE_API_KEY"] = ServerSetup.Key,
                ["DOTNET_ROOT"] = folder["no-runtime-here"],
                ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = folder["libraries"],
            },
        });
        using var client = server.Client();
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        var report = (await client.GetAsync($"/api/v1/reports/experiences/{Bodies.Experience}?tz=Europe/Berlin")).Json;
        report.GetProperty("total").GetProperty("impressions").GetInt64().ShouldBe(1);
        await Forwarding.ForwardedAsync(client, "kafka");
        (await Forwarding.TargetAsync(client, "kafka")).GetProperty("sent").GetInt64().ShouldBe(1);
        await server.StopAsync();
    }

    private static async Task PublishAsync(TemporaryFolder folder)
    {
        await using var publish = new ChildProcess(
            "dotnet",
            ["publish", Path.Combine(Build.Root, "src", "Vitrine"), "-r", "linux-x64", "-o", folder["published"], $"-p:ArtifactsPath={folder["artifacts"]}"],
            new Dictionary<string, string>());
        (await publish.ExitAsync(TimeSpan.FromMinutes(5))).ShouldBe(0, string.Join('\n', publish.Output.Concat(publish.Errors)));
    }
}
