namespace Vitrine.EndToEnd;

public sealed class DiskFullTests
{
    private const int LargeBody = 48_000;

    /// <summary>
    /// Volumes and what is freed on them: half, because what was acknowledged in the last moment is not projected yet and
    /// needs as much room again. On the larger one the journal's own checkpoints run out of room too.
    /// </summary>
    public static TheoryData<string, int> Volumes { get; } = Build.Long ? new() { { "40m", 20 }, { "96m", 42 } } : new() { { "40m", 20 } };

    [Theory]
    [MemberData(nameof(Volumes))]
    public async Task A_full_disk_refuses_events_and_recovers_by_itself(string size, int ballastMegabytes)
    {
        using var mount = TemporaryMount.CreateOrSkip(size);
        var ballast = mount["ballast"];
        await File.WriteAllBytesAsync(ballast, new byte[ballastMegabytes << 20]);
        var data = mount["data"];
        var kept = new HashSet<Guid>();
        await using (var server = await ServerProcess.StartAsync(data))
        {
            using var client = server.Client();
            (await FillAsync(client, kept)).RetryAfter.ShouldNotBeNull();
            await NotReadyAsync(server, client, kept);
            // As long as it is full: reports answer, small events are not promised and broken, nothing is a 500.
            for (var question = 0; question < 4; question++)
            {
                (await client.GetAsync("/api/v1/reports/experiences")).Status.ShouldBe(200, $"question {question}: {string.Join('\n', server.Process.Errors.TakeLast(3))}");
                await PostAsync(client, kept, Small, question);
                await NotReadyAsync(server, client, kept);
            }

            File.Delete(ballast);
            await Poll.UntilAsync("it is ready again", TimeSpan.FromSeconds(10), async () => (await server.ReadinessAsync()).Status == 200);
            await Poll.UntilAsync("it takes events again", TimeSpan.FromSeconds(10), async () => (await PostAsync(client, kept, Small, 0)).Status == 200);
            (await client.UuidsAsync()).ShouldBe(kept, ignoreOrder: true);
            await client.LedgerShouldBalanceAsync();
            server.Process.Errors.ShouldNotContain(static line => line.Contains("failed unexpectedly", StringComparison.Ordinal));
            await server.KillAsync();
        }

        // Opening after a kill folds the write-ahead logs in, which takes room of its own.
        mount.Remount("size=256m");
        await using var again = await ServerProcess.StartAsync(data);
        using var later = again.Client();
        (await later.UuidsAsync()).ShouldBe(kept, ignoreOrder: true);
        await again.StopAsync();
        (await VitrineCommand.RunAsync("journal", "verify", "--data", data)).ShouldSucceed();
    }

    [Fact]
    public async Task A_server_killed_with_a_full_disk_keeps_what_it_acknowledged()
    {
        using var mount = TemporaryMount.CreateOrSkip("24m");
        var ballast = mount["ballast"];
        await File.WriteAllBytesAsync(ballast, new byte[4 << 20]);
        var data = mount["data"];
        var kept = new HashSet<Guid>();
        await using (var server = await ServerProcess.StartAsync(data))
        {
            using var client = server.Client();
            await FillAsync(client, kept);
            await server.KillAsync();
        }

        // With no room at all it may start and refuse events, or say why it does not start; it must not lose any.
        await using (var cramped = ServerProcess.Launch(new ServerSetup(data)))
        {
            await Poll.UntilAsync("it starts or gives up", ServerProcess.StartLimit, () =>
                cramped.Process.HasExited || cramped.Process.Output.Any(static line => line.Contains("listens on", StringComparison.Ordinal)));
            cramped.Process.Errors.ShouldNotContain(static line => line.StartsWith("   at ", StringComparison.Ordinal));
            await cramped.DisposeAsync();
        }

        File.Delete(ballast);
        mount.Remount("size=256m");
        await using var again = await ServerProcess.StartAsync(data);
        using var later = again.Client();
        (await later.UuidsAsync()).ShouldBe(kept, ignoreOrder: true);
    }

    /// <summary>
    /// Posts large bodies until one is refused, and answers that. A refusal need not be the last word: what the projection
    /// takes back of a batch that found no room, the journal may fill.
    /// </summary>
    private static async Task<Answer> FillAsync(ApiClient client, HashSet<Guid> kept)
    {
        Answer? refused = null;
        await Poll.UntilAsync("the disk is full", TimeSpan.FromSeconds(60), async () =>
        {
            for (var sent = 0; sent < 50 && refused is null; sent++)
            {
                var answer = await PostAsync(client, kept, static uuid => Bodies.Large(uuid, LargeBody), sent);
                refused = answer.Status == 503 ? answer : null;
            }

            return refused is not null;
        });
        return refused!;
    }

    /// <summary>Readiness says that the disk is full, once it is.</summary>
    private static Task NotReadyAsync(ServerProcess server, ApiClient client, HashSet<Guid> kept) =>
        Poll.UntilAsync("readiness says so", TimeSpan.FromSeconds(10), async () =>
        {
            await FillAsync(client, kept);
            var (status, text) = await server.ReadinessAsync();
            return status == 503 && text.StartsWith("not ready: ", StringComparison.Ordinal);
        });

    private static string Small(Guid uuid) => Bodies.Of(uuid);

    private static async Task<Answer> PostAsync(ApiClient client, HashSet<Guid> kept, Func<Guid, string> body, int number)
    {
        var uuid = Guid.NewGuid();
        var answer = await client.PostAsync(body(uuid));
        answer.Status.ShouldBeOneOf([200, 503], $"post {number}: {answer.Body}");
        if (answer.Status == 200)
        {
            kept.Add(uuid);
        }

        return answer;
    }
}
