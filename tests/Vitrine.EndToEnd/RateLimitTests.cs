namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed class RateLimitTests(SharedServer shared)
{
    [Fact]
    public async Task A_limit_set_beside_a_running_server_holds_within_a_second_and_is_taken_away_again()
    {
        var server = await shared.OpenAsync();
        using var client = server.Client();
        (await LimitAsync("--preset", "vendor")).Output.ShouldBe(["Fetches a minute      10,000", "Reports a minute      no limit", "Management a minute   no limit"]);
        (await LimitAsync("--reports", "1")).Output[0].ShouldBe("Fetches a minute      10,000");
        await Poll.UntilAsync("there are limits", TimeSpan.FromSeconds(5), async () => (await client.PostAsync(Bodies.New(1))).Status == 429);
        (await LimitAsync("--preset", "none")).Output.ShouldAllBe(static line => line.EndsWith("no limit", StringComparison.Ordinal));
        await Poll.UntilAsync("there is none", TimeSpan.FromSeconds(5), async () => (await client.PostAsync(Bodies.New(1))).Status == 200);
        (await VitrineCommand.RunAsync("workspace", "limit", "--workspace", server.Workspace, "--reports", "0", "--data", shared.Data)).ShouldFailWith("at least one request");
        (await VitrineCommand.RunAsync("workspace", "limit", "--workspace", server.Workspace, "--reports", "many", "--data", shared.Data)).ShouldFailWith("'many' is no limit");

        async Task<CommandResult> LimitAsync(params string[] options) =>
            (await VitrineCommand.RunAsync(["workspace", "limit", "--workspace", server.Workspace, "--data", shared.Data, .. options])).ShouldSucceed();
    }

    /// <summary>What is beyond a limit is turned away before its body is read, so a flood of it leaves the others what they had.</summary>
    [Fact]
    public async Task A_flood_beyond_one_workspaces_limit_costs_another_not_one_request()
    {
        var server = await shared.OpenAsync();
        (await VitrineCommand.RunAsync("workspace", "limit", "--workspace", server.Workspace, "--reports", "1", "--data", shared.Data)).ShouldSucceed();
        using var busy = server.Client();
        using var calm = (await shared.OpenAsync()).Client();
        await Poll.UntilAsync("both are known", TimeSpan.FromSeconds(5), async () =>
            (await busy.PostAsync(Bodies.New(1))).Status == 429 && (await calm.PostAsync(Bodies.New(1))).Status == 200);
        using var flooding = new CancellationTokenSource();
        var flood = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var refused = 0;
            while (!flooding.IsCancellationRequested)
            {
                (await busy.PostAsync(Bodies.New(100))).Status.ShouldBeOneOf(429, 200); // A minute may begin.
                refused++;
            }

            return refused;
        })).ToList();
        for (var request = 0; request < 200; request++)
        {
            (await calm.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        }

        await flooding.CancelAsync();
        (await Task.WhenAll(flood)).Sum().ShouldBeGreaterThan(200);
    }
}
