using System.Globalization;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed class RetentionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Killed at any moment of the making of hourly figures, also while files are written anew, it ends it: every event is counted once, before and after.</summary>
    [Fact]
    public async Task Killed_while_events_become_hourly_figures_it_counts_each_once()
    {
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        var uuids = Enumerable.Range(0, 6_000).Select(static _ => Guid.NewGuid()).ToList();
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            for (var month = 0; month < 12; month++)
            {
                foreach (var some in uuids.Skip(month * 500).Take(500).Chunk(100))
                {
                    (await client.PostAsync(At(some, month))).Status.ShouldBe(200);
                }
            }

            (await RetainAsync(folder.Path, "30")).Output.ShouldBe(["Single events are kept   30 days"]);
            await server.KillAsync();
        }

        for (var kill = 0; kill < (Build.Long ? 40 : 3); kill++)
        {
            await using var server = await ServerProcess.StartAsync(folder.Path);
            await Task.Delay(random.Between(0, 600), TestContext.Current.CancellationToken);
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(folder.Path);
        using var asking = last.Client();
        await Poll.UntilAsync("no single event is left", Limit, async () => (await asking.UuidsAsync()).Count == 0);
        await asking.LedgerShouldBalanceAsync();
        await ShouldBeCountedAsync(asking, uuids.Count);
        (await asking.PostAsync(At(uuids[..100], 0))).Status.ShouldBe(200);
        await asking.ProjectedAsync();
        await ShouldBeCountedAsync(asking, uuids.Count);
        (await VitrineCommand.RunAsync("journal", "verify", "--data", folder.Path)).ShouldSucceed().Text.ShouldEndWith("sound");
    }

    [Fact]
    public async Task Days_are_set_and_read_beside_a_running_server_which_takes_them_over_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        using var client = server.Client();
        (await client.PostAsync(At([Guid.NewGuid()], 0))).Status.ShouldBe(200);
        (await RetainAsync(folder.Path)).Output.ShouldBe(["Single events are kept   for ever"]);
        (await RetainAsync(folder.Path, "400")).Output.ShouldBe(["Single events are kept   400 days"]);
        await Poll.UntilAsync("the event is an hourly figure", Limit, async () => (await client.UuidsAsync()).Count == 0);
        await ShouldBeCountedAsync(client, 1);
        (await RetainAsync(folder.Path, "ever")).Output.ShouldBe(["Single events are kept   for ever"]);
        (await VitrineCommand.RunAsync("workspace", "retain", "0", "--data", folder.Path)).ShouldFailWith("1 to 3650 days");
        (await VitrineCommand.RunAsync("workspace", "retain", "long", "--data", folder.Path)).ShouldFailWith("'long' is no number of days");
    }

    /// <summary>Events of a month of the year 2024.</summary>
    private static string At(IReadOnlyList<Guid> uuids, int month) => Bodies.Of(uuids).Replace(
        "1725258666", new DateTimeOffset(2024, month + 1, 5, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static async Task<CommandResult> RetainAsync(string data, params string[] arguments) =>
        (await VitrineCommand.RunAsync(["workspace", "retain", "--data", data, .. arguments])).ShouldSucceed();

    private static async Task ShouldBeCountedAsync(ApiClient client, int events)
    {
        var answer = await client.GetAsync("/api/v1/reports/experiences");
        answer.Json.GetProperty("experiences").EnumerateArray().Sum(static one => one.GetProperty("impressions").GetInt64() + one.GetProperty("clicks").GetInt64()).ShouldBe(events);
        var ledger = await client.GetAsync("/api/v1/ledger");
        ledger.Json.GetProperty("total").GetProperty("events").GetProperty("stored").GetInt64().ShouldBe(events);
    }
}
