using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.EndToEnd;

/// <summary>Vitrine stands before an upstream that speaks its own protocol: here another Vitrine, so that both can be asked the same.</summary>
public sealed class ForwardingToVitrineTests
{
    private const string Report = "/api/v1/reports/experiences/" + Bodies.Experience + "?by=variation";

    [Fact]
    public async Task Whichever_of_the_two_is_killed_the_upstream_ends_with_the_same_events_and_reports()
    {
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        var upstream = await ServerProcess.StartAsync(folder["upstream"]);
        var there = new ServerSetup(folder["upstream"]) { Urls = upstream.Address.GetLeftPart(UriPartial.Authority) };
        var setup = Forwarding.Setup(folder, folder["data"], Forwarding.Upstream("vendor", upstream.Address));
        var load = new Load(random);
        try
        {
            for (var kill = 0; kill < (Build.Long ? 40 : 3); kill++)
            {
                await using var server = await ServerProcess.StartAsync(setup);
                var posting = load.RunAsync(server, 4, () => server.Process.HasExited);
                await Task.Delay(random.Between(50, 600), TestContext.Current.CancellationToken);
                if (kill % 2 == 1)
                {
                    await upstream.KillAsync();
                    await upstream.DisposeAsync();
                    await Task.Delay(random.Between(50, 400), TestContext.Current.CancellationToken);
                    upstream = await ServerProcess.StartAsync(there);
                }

                await server.KillAsync();
                await posting;
            }

            await using var last = await ServerProcess.StartAsync(setup);
            await load.FinishAsync(last);
            using var client = last.Client();
            using var asking = upstream.Client();
            await ProfileAsync(client);
            await Forwarding.ForwardedAsync(client, "vendor");
            await load.ShouldBeKeptAsync(last);
            await load.ShouldBeKeptAsync(upstream);
            (await ContentAsync(asking, "events")).ShouldBe(await ContentAsync(client, "events"));
            (await ContentAsync(asking, "goal-events")).ShouldBe(await ContentAsync(client, "goal-events"));
            (await TotalAsync(asking)).ShouldBe(await TotalAsync(client));
            (await client.GetAsync("/api/v1/customers/customer-of-profile")).Json.GetProperty("attributes").ToString()
                .ShouldBe((await asking.GetAsync("/api/v1/customers/customer-of-profile")).Json.GetProperty("attributes").ToString());
            (await Forwarding.TargetAsync(client, "vendor")).GetProperty("set_aside").GetInt64().ShouldBe(0);
        }
        finally
        {
            await upstream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Answers_are_compared_and_refusals_too()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ServerProcess.StartAsync(folder["upstream"]);
        await using var server = await ServerProcess.StartAsync(Forwarding.Setup(folder, folder["data"], Forwarding.Upstream("vendor", upstream.Address, compare: true)));
        using var client = server.Client();
        using var asking = upstream.Client();
        for (var request = 0; request < 5; request++)
        {
            (await client.PostAsync(Bodies.New(7))).Status.ShouldBe(200);
        }

        (await client.PostGoalsAsync(GoalBodies.Of(Guid.NewGuid(), Guid.NewGuid()))).Status.ShouldBe(200);
        (await client.PostAsync("""{"elements":[]}""")).Status.ShouldBe(400);
        (await client.PostGoalsAsync("""{"type":"event"}""")).Status.ShouldBe(400);
        await Forwarding.ForwardedAsync(client, "vendor");
        await Poll.UntilAsync("the refusals are compared", TimeSpan.FromSeconds(30), async () => (await ParityAsync(client)).GetProperty("requests").GetInt64() == 8);
        var parity = await ParityAsync(client);
        parity.GetProperty("differences").GetInt64().ShouldBe(0);
        parity.GetProperty("days")[0].GetProperty("answers").EnumerateArray()
            .Select(static one => (one.GetProperty("ours").GetInt32(), one.GetProperty("theirs").GetInt32(), one.GetProperty("requests").GetInt64()))
            .ShouldBe([(200, 200, 6), (400, 400, 2)]);
        (await asking.GetAsync("/api/v1/ledger")).Json.GetProperty("total").GetProperty("requests").GetProperty("received").GetInt64().ShouldBe(8, "a record is a request");
        (await VitrineCommand.RunAsync(server, "forward", "parity", "vendor")).ShouldSucceed().Text.ShouldEndWith("0 of 8 requests were answered differently.");
    }

    private static async Task<JsonElement> ParityAsync(ApiClient client) => (await client.GetAsync("/api/v1/forwarding/vendor/parity")).Json;

    private static Task<Answer> ProfileAsync(ApiClient client) => client.ManageAsync(
        HttpMethod.Post, $"/v1/customer/{ServerSetup.Workspace}", """{"type":"customer","customer_id":"customer-of-profile","attributes":{"plan":"gold","visits":3}}""", 200);

    /// <summary>What all events say, but when and with which request they came.</summary>
    private static async Task<string> ContentAsync(ApiClient client, string name) => string.Join('\n', (await client.ExportAsync(name))
        .Select(static one => string.Join(' ', one.EnumerateObject().Where(static field => field.Name is not ("received_at" or "req_id" or "position" or "path")).Select(static field => $"{field.Name}={field.Value}")))
        .Order(StringComparer.Ordinal));

    private static async Task<string> TotalAsync(ApiClient client)
    {
        await client.ProjectedAsync();
        var report = JsonNode.Parse(await client.TextAsync(Report))!.AsObject();
        report.Remove("as_of").ShouldBeTrue();
        return report.ToJsonString();
    }
}
