using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Cluster;
using Vitrine.Hosting;
using Vitrine.Projection;

namespace Vitrine.Tests.Support;

/// <summary>With <c>VITRINE_TEST_CLUSTER=1</c> every server of the tests is a cluster of three nodes, on three nats-servers that all share; its client asks them in turn. With <c>split</c> only the first projects, and the others take and decide.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private const int OtherNodes = 2;
    private static readonly bool IsSplit = Environment.GetEnvironmentVariable("VITRINE_TEST_CLUSTER") == "split";
    private static readonly Lazy<Task<NatsServers>> Servers = new(StartAsync);

    private readonly List<(TemporaryFolder Folder, DataDirectory Directory, WebApplication Node)> _nodes = [];

    private TestCluster(ClusterOptions options) => Options = options;

    /// <summary>Whether servers are clusters.</summary>
    public static bool IsAsked { get; } = IsSplit || Environment.GetEnvironmentVariable("VITRINE_TEST_CLUSTER") == "1";

    /// <summary>The other nodes.</summary>
    public IEnumerable<WebApplication> Others => _nodes.Select(static one => one.Node);

    /// <summary>How the first node joins it.</summary>
    public ClusterOptions Options { get; }

    /// <summary>For a test that is about the files of a server that runs alone.</summary>
    public static void SkipWhereAsked() => Assert.SkipWhen(IsAsked, "This is about the files of a server that runs alone.");

    /// <summary>The cluster of a data folder, the same after a restart; null where that is not asked for.</summary>
    public static async Task<TestCluster?> OfAsync(string folder) => !IsAsked
        ? null
        : new TestCluster((await Servers.Value).NewCluster() with { Name = "t" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16], Roles = IsSplit ? Roles.Ingest | Roles.Project | Roles.Dashboard : Roles.All });

    /// <summary>Starts the other nodes; answers a client of all.</summary>
    public async Task<HttpClient> JoinAsync(ServerOptions settings, HandSetClock time, WebApplication first)
    {
        var addresses = new List<Uri> { new(first.Urls.Single()) };
        await Eventually.BeTrueAsync(() => Task.FromResult(first.Services.GetRequiredService<Leadership>().IsLeader)); // So that what tests ask of the first node only the leader does.
        for (var node = 0; node < OtherNodes; node++)
        {
            var folder = new TemporaryFolder();
            var directory = DataDirectory.Take(folder.Path);
            var roles = IsSplit ? Roles.Ingest | Roles.Decide : Roles.All;
            var application = TestServer.Build(settings with { Data = folder.Path, Cluster = Options with { Roles = roles } }, directory, time);
            _nodes.Add((folder, directory, application));
            await application.StartAsync();
            await Eventually.BeTrueAsync(() => Task.FromResult(IsSplit || application.Services.GetRequiredService<Projector>().IsOpen));
            addresses.Add(new Uri(application.Urls.Single()));
        }

        var nodes = Others.Prepend(first).ToList();
        await Eventually.BeTrueAsync(() => Task.FromResult(nodes.All(static node => node.Services.GetRequiredService<Roster>().Others.Count() == OtherNodes)));
        return new HttpClient(new InTurn(addresses)) { BaseAddress = addresses[0] };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (folder, directory, node) in _nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
            directory.Dispose();
            folder.Dispose();
        }
    }

    private static async Task<NatsServers> StartAsync()
    {
        var servers = new NatsServers();
        await servers.InitializeAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => servers.Kill();
        return servers;
    }

    /// <summary>Sends each request to the next node.</summary>
    private sealed class InTurn(List<Uri> addresses) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = true })
    {
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var node = addresses[(int)((uint)Interlocked.Increment(ref _requests) % addresses.Count)];
            request.RequestUri = new Uri(node, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
