using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>Clients that post at every node whenever it lives, and what has to hold of a cluster under them.</summary>
internal sealed partial class ClusterLoad : IDisposable
{
    /// <summary>
    /// Within so long all answer again, whatever one process suffers. Ten seconds are what is promised; nats-server takes up to
    /// nine of them to choose another leader, and a busy machine some for itself.
    /// </summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    private static readonly int Connections = Build.Long ? 2 : 1;

    private static readonly string[] Reports =
    [
        "/api/v1/reports/experiences",
        $"/api/v1/reports/experiences/{Bodies.Experience}?by=variation,locale,platform&scale=hour",
        "/api/v1/ledger",
    ];

    private readonly RealCluster _cluster;
    private readonly Load _load = new(Seeded.Announced()) { LargestBatch = 20 };
    private readonly List<Task> _posting = [];
    private volatile bool _isOver;

    /// <summary>Begins to post.</summary>
    public ClusterLoad(RealCluster cluster)
    {
        _cluster = cluster;
        for (var node = 0; node < cluster.Nodes.Count; node++)
        {
            PostAt(node);
        }
    }

    /// <summary>Begins to post at a node that was added.</summary>
    public void PostAt(int node) => _posting.Add(PostAsync(node));

    /// <summary>Waits until some hundred events more are acknowledged.</summary>
    public async Task AcknowledgesAsync()
    {
        var before = _load.Acknowledged;
        await Poll.UntilAsync("events are acknowledged", Recovery * 2, () => _load.Acknowledged > before + 200);
    }

    /// <summary>Ends it, has what was not acknowledged taken, and looks whether every node that lives has everything once and reports the same.</summary>
    public async Task ShouldBeKeptAsync()
    {
        _isOver = true;
        await Task.WhenAll(_posting);
        await _load.FinishAsync(_cluster.Living[0]);
        foreach (var node in _cluster.Living)
        {
            await _load.ShouldBeKeptAsync(node);
        }

        // What was delivered while a node was cut off is journaled when it is back, which may be between two questions.
        await Poll.UntilAsync("all nodes report the same", Recovery, async () =>
            (await Task.WhenAll(_cluster.Living.Select(ReportsAsync))).Distinct().Count() == 1);

        TestContext.Current.TestOutputHelper!.WriteLine($"{_load.Acknowledged} events were acknowledged, {_load.Lost} requests had no answer");
    }

    /// <inheritdoc/>
    public void Dispose() => _isOver = true;

    /// <summary>Waits until every node that lives takes an event, but for those that are named.</summary>
    public static async Task AnswersAsync(RealCluster cluster, string after, TimeSpan? limit = null, ServerProcess? except = null)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Living.Where(node => node != except).Select(async node =>
        {
            using var client = node.Client(ServerSetup.Workspace + "_DEBUG"); // Beside what the load has sent.
            await Poll.UntilAsync($"all nodes answer after {after}", limit ?? Recovery, async () => (await client.PostAsync(Bodies.Of(Guid.NewGuid()))).Status == 200);
        }));
        TestContext.Current.TestOutputHelper!.WriteLine($"{after}: all answer after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    /// <summary>Posts at a node for as long as it lives, and again when it is back.</summary>
    private async Task PostAsync(int node)
    {
        while (!_isOver)
        {
            var server = _cluster.Nodes[node];
            await _load.RunAsync(server, Connections, () => _isOver || server.Process.HasExited);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What a node reports, without the position that it reaches.</summary>
    private static async Task<string> ReportsAsync(ServerProcess node)
    {
        using var client = node.Client();
        await client.ProjectedAsync();
        var texts = new List<string>();
        foreach (var path in Reports)
        {
            texts.Add(AsOf().Replace(await client.TextAsync(path), ""));
        }

        return string.Join('\n', texts);
    }

    [GeneratedRegex("\"as_of\":{[^}]*}")]
    private static partial Regex AsOf();
}
