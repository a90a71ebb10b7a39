using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Vitrine.EndToEnd;

/// <summary>More than it can take is refused, and costs neither memory nor what was taken.</summary>
public sealed class OverloadTests
{
    /// <summary>More of them than processors only queue: with these the server is as busy as it can be.</summary>
    private const int Saturating = 16;

    private const int Elements = 8;

    private const int ElementBytes = 48_000;

    private const int Suffix = 4;

    /// <summary>What 80 bodies, the journal's queue and DuckDB may take, with room to spare.</summary>
    private const long MaximumMemory = 2_500L << 20;

    [Fact]
    public async Task Five_times_the_clients_that_saturate_it_for_a_while()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from /proc.");
        using var folder = new TemporaryFolder();
        var setup = new ServerSetup(folder.Path) { Arguments = ["--report-memory", "512MiB"] };
        await using var server = await ServerProcess.StartAsync(setup);
        var (statuses, times) = (new ConcurrentDictionary<int, int>(), new ConcurrentBag<double>());
        var limit = TimeSpan.FromSeconds(Build.Long ? 60 : 3);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 5 * Saturating).Select(_ => Task.Run(async () =>
        {
            using var client = server.Client();
            var (pattern, body) = MakeBody();
            while (Stopwatch.GetElapsedTime(started) < limit)
            {
                var uuids = Guid.NewGuid().ToString()[..^Suffix];
                var asked = Stopwatch.GetTimestamp();
                var answer = await client.PostAsync(body.Replace(pattern, uuids, StringComparison.Ordinal));
                statuses.AddOrUpdate(answer.Status, 1, static (_, count) => count + 1);
                if (answer.Status == 200)
                {
                    times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }
                else
                {
                    answer.RetryAfter.ShouldNotBeNull(answer.Body);
                }
            }
        })));

        var peak = PeakMemory(server);
        var sorted = times.Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", statuses.Select(static one => $"{one.Value:N0} × {one.Key}"))}; accepted p50 {sorted[sorted.Count / 2]:N0} ms, p99 {sorted[(int)(sorted.Count * 0.99)]:N0} ms; peak memory {peak >> 20:N0} MiB");
        statuses.Keys.ShouldBeSubsetOf([200, 429, 503]);
        peak.ShouldBeLessThan(MaximumMemory);
        using var after = server.Client();
        await Poll.UntilAsync("it takes events again", TimeSpan.FromSeconds(30), async () => (await after.PostAsync(Bodies.New(1))).Status == 200);
        await after.ProjectedAsync();
        (await StoredAsync(after)).ShouldBe((sorted.Count * Elements) + 1);
    }

    /// <summary>A body whose uuids differ in their last digits only, and what they have in common.</summary>
    private static (string Pattern, string Body) MakeBody()
    {
        var pattern = Guid.NewGuid().ToString()[..^Suffix];
        var elements = Enumerable.Range(0, Elements)
            .Select(index => Bodies.Large(new Guid($"{pattern}{index:x4}"), ElementBytes))
            .Select(static body => body[(body.IndexOf('[', StringComparison.Ordinal) + 1)..body.LastIndexOf(']')]);
        return (pattern, $$"""{"elements":[{{string.Join(',', elements)}}]}""");
    }

    private static async Task<long> StoredAsync(ApiClient client) =>
        (await client.GetAsync("/api/v1/ledger")).Json.GetProperty("total").GetProperty("events").GetProperty("stored").GetInt64();

    /// <summary>The most memory the process has ever held, in bytes.</summary>
    private static long PeakMemory(ServerProcess server)
    {
        var line = File.ReadLines($"/proc/{server.Process.Id}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
