using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>However often an event is sent, and whatever happens in between, it counts once, and its receipt tells of each time.</summary>
public sealed class RetryTests
{
    [Fact]
    public async Task The_same_uuid_at_once_over_many_connections()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        var uuid = Guid.NewGuid();
        var clients = Enumerable.Range(0, 32).Select(_ => server.Client()).ToList();
        var answers = await Task.WhenAll(clients.Select(client => client.PostAsync(Bodies.Of(uuid))));
        answers.ShouldAllBe(static answer => answer.Status == 200);

        (await clients[0].UuidsAsync()).ShouldBe([uuid]);
        var outcomes = await OutcomesAsync(clients[0], uuid);
        outcomes.Count(static one => one == "stored").ShouldBe(1);
        outcomes.Count(static one => one == "duplicate").ShouldBe(31);
        await clients[0].LedgerShouldBalanceAsync();
        clients.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task The_same_uuid_in_other_batches_after_a_restart_a_kill_and_a_rebuild()
    {
        using var folder = new TemporaryFolder();
        var (uuid, others) = (Guid.NewGuid(), new List<Guid>());
        await SendAsync(static server => server.StopAsync());
        await SendAsync(static server => server.KillAsync());
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", folder.Path)).ShouldSucceed();
        await SendAsync(static server => server.StopAsync());

        await using var last = await ServerProcess.StartAsync(folder.Path);
        using var client = last.Client();
        (await client.UuidsAsync()).ShouldBe([uuid, .. others], ignoreOrder: true);
        (await OutcomesAsync(client, uuid)).ShouldBe(["stored", .. Enumerable.Repeat("duplicate", 8)]);
        await client.LedgerShouldBalanceAsync();

        async Task SendAsync(Func<ServerProcess, Task> end)
        {
            await using var server = await ServerProcess.StartAsync(folder.Path);
            using var sender = server.Client();
            Guid[] batch = [uuid, Guid.NewGuid(), uuid];
            others.Add(batch[1]);
            (await sender.PostAsync(Bodies.Of(batch))).Status.ShouldBe(200);
            (await sender.PostAsync(Bodies.Of(uuid))).Status.ShouldBe(200);
            await end(server);
        }
    }

    [Fact]
    public async Task The_same_uuid_with_another_body_does_not_replace_the_first_and_its_receipt_says_so()
    {
        using var folder = new TemporaryFolder();
        var uuid = Guid.NewGuid();
        var other = Bodies.Of(uuid).Replace("\"web\"", "\"ios\"", StringComparison.Ordinal).Replace("Homepage banner", "Checkout", StringComparison.Ordinal);
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var sender = server.Client();
            (await sender.PostAsync(Bodies.Of(uuid))).Status.ShouldBe(200);
            (await sender.PostAsync(other)).Status.ShouldBe(200);
            await server.KillAsync();
        }

        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", folder.Path)).ShouldSucceed();
        await using var again = await ServerProcess.StartAsync(folder.Path);
        using var client = again.Client();
        await client.ProjectedAsync();
        var receipt = (await client.GetAsync($"/api/v1/events/{uuid}")).Json;
        receipt.GetProperty("event").GetProperty("platform").GetString().ShouldBe("web");
        receipt.GetProperty("receipts")[1].GetProperty("conflict").Deserialize<string[]>().ShouldBe(["platform", "experience"]);
    }

    private static async Task<List<string>> OutcomesAsync(ApiClient client, Guid uuid) =>
        [.. (await client.GetAsync($"/api/v1/events/{uuid}")).Json.GetProperty("receipts").EnumerateArray().Select(static one => one.GetProperty("outcome").GetString()!)];
}
