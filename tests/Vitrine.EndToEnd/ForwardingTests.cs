namespace Vitrine.EndToEnd;

/// <summary>Events go on to other programs: at least once, in order for each customer, whatever happens.</summary>
public sealed class ForwardingTests
{
    private const int Connections = 4;

    [Fact]
    public async Task Killed_in_the_middle_of_sending_every_event_arrives_and_in_order_for_each_customer()
    {
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        await using var receiver = await Receiver.StartAsync();
        var (busy, gate) = (random.Fork(), new Lock());
        receiver.Answer = _ =>
        {
            lock (gate)
            {
                return busy.Below(40) == 0 ? 503 : 200;
            }
        };
        var setup = Forwarding.Setup(folder, folder["data"], Forwarding.Webhook("hook", receiver.Url));
        var load = new Load(random);
        for (var kill = 0; kill < (Build.Long ? 60 : 3); kill++)
        {
            await using var server = await ServerProcess.StartAsync(setup);
            var posting = load.RunAsync(server, Connections, () => server.Process.HasExited);
            await Task.Delay(random.Between(50, 900), TestContext.Current.CancellationToken);
            await server.KillAsync();
            await posting;
        }

        await using var last = await ServerProcess.StartAsync(setup);
        await load.FinishAsync(last);
        await load.ShouldBeKeptAsync(last);
        using var client = last.Client();
        await Forwarding.ForwardedAsync(client, "hook");
        receiver.Uuids.ShouldBe(await client.UuidsAsync(), ignoreOrder: true, "each event that counts arrives, and nothing else does");
        receiver.ShouldBeInOrder();
        (await Forwarding.TargetAsync(client, "hook")).GetProperty("set_aside").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_dead_target_delays_only_itself_and_goes_on_when_it_is_back()
    {
        using var folder = new TemporaryFolder();
        await using var living = await Receiver.StartAsync();
        await using var dead = await Receiver.StartAsync();
        dead.Answer = static _ => 500;
        await using var server = await ServerProcess.StartAsync(Forwarding.Setup(folder, folder["data"], Forwarding.Webhook("living", living.Url), Forwarding.Webhook("dead", dead.Url)));
        using var client = server.Client();
        for (var request = 0; request < 20; request++)
        {
            (await client.PostAsync(Bodies.New(10))).Status.ShouldBe(200);
        }

        await Forwarding.ForwardedAsync(client, "living");
        living.Uuids.Count.ShouldBe(200);
        await Forwarding.UntilAsync(client, "dead", "is said to fail", static target => target.GetProperty("state").GetString() == "failing");
        var target = await Forwarding.TargetAsync(client, "dead");
        target.GetProperty("lag_records").GetInt64().ShouldBeGreaterThan(0);
        target.GetProperty("last_error").GetProperty("reason").GetString().ShouldBe("answered 500 InternalServerError");
        (await client.TextAsync("/metrics")).ShouldContain("vitrine_forwarding_lag_records{target=\"dead\"}");
        dead.Uuids.ShouldBeEmpty();

        dead.Answer = static _ => 200;
        await Forwarding.ForwardedAsync(client, "dead");
        dead.Uuids.ShouldBe(living.Uuids, ignoreOrder: true);
        dead.ShouldBeInOrder();
    }

    [Fact]
    public async Task Poison_is_set_aside_alone_and_replayed_when_the_receiver_is_mended()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await Receiver.StartAsync();
        Guid[] uuids = [.. Enumerable.Range(0, 60).Select(static _ => Guid.NewGuid())];
        HashSet<Guid> poison = [uuids[7], uuids[31], uuids[32]];
        receiver.Answer = events => events.Any(one => poison.Contains(one.GetProperty("moe_event_uuid").GetGuid())) ? 422 : 200;
        await using var server = await ServerProcess.StartAsync(Forwarding.Setup(folder, folder["data"], Forwarding.Webhook("hook", receiver.Url, lanes: 1)));
        using var client = server.Client();
        (await client.PostAsync(Bodies.Of(uuids))).Status.ShouldBe(200);
        (await client.PostGoalsAsync(GoalBodies.Of(Guid.NewGuid()))).Status.ShouldBe(200);
        await Forwarding.ForwardedAsync(client, "hook");

        receiver.Uuids.Count.ShouldBe(58, "all others went on");
        receiver.Uuids.ShouldNotContain(uuid => poison.Contains(uuid));
        var aside = (await client.GetAsync("/api/v1/forwarding/hook/aside")).Json;
        aside.GetProperty("total").GetInt64().ShouldBe(3);
        aside.GetProperty("events").EnumerateArray().Select(static one => one.GetProperty("moe_event_uuid").GetGuid()).ShouldBe(poison, ignoreOrder: true);
        aside.GetProperty("events")[0].GetProperty("status").GetInt32().ShouldBe(422);
        (await VitrineCommand.RunAsync(server, "forward", "aside", "hook")).ShouldSucceed().Text.ShouldContain("answered 422");
        (await VitrineCommand.RunAsync(server, "forward", "replay", "hook")).ShouldSucceed().Text.ShouldBe("0 sent, 3 refused again, 0 in the journal no more.");

        poison.Remove(uuids[31]);
        (await VitrineCommand.RunAsync(server, "forward", "replay", "hook")).ShouldSucceed().Text.ShouldBe("1 sent, 2 refused again, 0 in the journal no more.");
        poison.Clear();
        (await VitrineCommand.RunAsync(server, "forward", "replay", "hook")).ShouldSucceed().Text.ShouldBe("2 sent, 0 refused again, 0 in the journal no more.");
        receiver.Uuids.ShouldBe(await client.UuidsAsync(), ignoreOrder: true);
        (await VitrineCommand.RunAsync(server, "forward", "list")).ShouldSucceed().Text.ShouldContain("hook\twebhook\tidle\t0 records behind\t61 sent\t0 set aside");
    }

    [Fact]
    public async Task A_target_goes_on_from_its_bookmark_and_begins_anew_once_it_was_dropped()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await Receiver.StartAsync();
        var setup = Forwarding.Setup(folder, folder["data"], Forwarding.Webhook("hook", receiver.Url));
        await using (var server = await ServerProcess.StartAsync(setup))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.New(3))).Status.ShouldBe(200);
            await Forwarding.ForwardedAsync(client, "hook");
            (await VitrineCommand.RunAsync(server, "forward", "drop", "hook")).ShouldFailWith("is configured");
            await server.StopAsync();
        }

        await using (var without = await ServerProcess.StartAsync(folder["data"]))
        {
            using var client = without.Client();
            (await client.PostAsync(Bodies.New(4))).Status.ShouldBe(200);
            (await Forwarding.TargetAsync(client, "hook")).GetProperty("state").GetString().ShouldBe("not_configured");
            await without.KillAsync();
        }

        await using (var again = await ServerProcess.StartAsync(setup))
        {
            using var client = again.Client();
            await Forwarding.ForwardedAsync(client, "hook");
            receiver.Events.Count.ShouldBe(7, "what came meanwhile is sent, and nothing twice");
            await again.StopAsync();
        }

        await using (var without = await ServerProcess.StartAsync(folder["data"]))
        {
            (await VitrineCommand.RunAsync(without, "forward", "drop", "hook")).ShouldSucceed();
            (await VitrineCommand.RunAsync(without, "forward", "drop", "hook")).ShouldFailWith("no target 'hook'");
            await without.StopAsync();
        }

        await using var anew = await ServerProcess.StartAsync(setup);
        using var asking = anew.Client();
        await Forwarding.ForwardedAsync(asking, "hook");
        receiver.Events.Count.ShouldBe(14);
    }

    [Theory]
    [InlineData("""{"targets":[{"name":"a","kind":"webhook","environment":"SHOP","url":"ftp://x","secret":"0123456789abcdef"}]}""", "forward.json: targets[0].url is an address such as https://example.com")]
    [InlineData("""{"targets":[{"name":"a","kind":"webhook","environment":"SHOP","url":"https://x","secret":"${NOT_THERE_AT_ALL}"}]}""", "targets[0].secret names the environment variable NOT_THERE_AT_ALL, which is not set")]
    [InlineData("""{"targets":[]}""", "targets is an array of 1–32 objects")]
    [InlineData("{", "is no JSON")]
    public async Task A_file_that_cannot_be_used_refuses_the_start(string text, string message)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("forward.json", text);
        (await VitrineCommand.RunAsync("serve", "--data", folder["data"], "--forward", file)).ShouldFailWith(message);
    }
}
