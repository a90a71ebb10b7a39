namespace Vitrine.EndToEnd;

/// <summary>Bookmarks come along with a backup, and no target holds up the end of a server.</summary>
public sealed class ForwardingBackupTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_restore_a_target_goes_on_from_the_bookmark_of_the_backup(bool incremental)
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await Receiver.StartAsync();
        string[] how = incremental ? ["--incremental"] : [];
        await using (var server = await ServerProcess.StartAsync(Forwarding.Setup(folder, folder["data"], Forwarding.Webhook("hook", receiver.Url))))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.New(3))).Status.ShouldBe(200);
            await Forwarding.ForwardedAsync(client, "hook");
            (await VitrineCommand.RunAsync(["backup", folder["backup"], .. how, "--data", folder["data"]])).ShouldSucceed();
            (await client.PostAsync(Bodies.New(4))).Status.ShouldBe(200);
            await Forwarding.ForwardedAsync(client, "hook");
            if (incremental)
            {
                (await VitrineCommand.RunAsync(["backup", folder["backup"], .. how, "--data", folder["data"]])).ShouldSucceed();
                Directory.GetFiles(folder["backup"], "forwarding-*").ShouldHaveSingleItem();
            }
        }

        receiver.Events.Count.ShouldBe(7);
        (await VitrineCommand.RunAsync("restore", folder["backup"], "--data", folder["restored"])).ShouldSucceed();
        await using var restored = await ServerProcess.StartAsync(Forwarding.Setup(folder, folder["restored"], Forwarding.Webhook("hook", receiver.Url)));
        using var asking = restored.Client();
        (await asking.PostAsync(Bodies.New(5))).Status.ShouldBe(200);
        await Forwarding.ForwardedAsync(asking, "hook");
        receiver.Events.Count.ShouldBe(12, "nothing of the backup is sent again, and nothing after it left out");
    }

    [Fact]
    public async Task A_server_stops_in_time_although_nobody_of_its_targets_answers()
    {
        using var folder = new TemporaryFolder();
        using var silent = new OccupiedPort(); // Takes connections, and says nothing.
        var address = new Uri(silent.Url).Authority;
        await using var server = await ServerProcess.StartAsync(Forwarding.Setup(
            folder,
            folder["data"],
            Forwarding.Webhook("hook", silent.Url),
            Forwarding.Upstream("vendor", new Uri(silent.Url), compare: true),
            $$"""{"name":"nats","kind":"nats","url":"nats://{{address}}","subject":"events"}""",
            $$"""{"name":"kafka","kind":"kafka","brokers":"{{address}}","topic":"events"}"""));
        using var client = server.Client();
        (await client.PostAsync(Bodies.New(20))).Status.ShouldBe(200);
        foreach (var target in new[] { "hook", "vendor", "nats", "kafka" })
        {
            await Forwarding.UntilAsync(client, target, "sends", static one => one.GetProperty("state").GetString() is "sending" or "failing");
        }

        await server.StopAsync();
    }
}
