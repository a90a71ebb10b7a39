using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Vitrine.Decisions;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Support;

/// <summary>A whole server in this process: Kestrel on a free port, its data in a folder, its clock in the test's hand.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly WebApplication _application;
    private readonly TemporaryFolder? _ownFolder;
    private readonly TestCluster? _cluster;

    private TestServer(DataDirectory directory, WebApplication application, HandSetClock time, TemporaryFolder? ownFolder, TestCluster? cluster) =>
        (_directory, _application, Time, _ownFolder, _cluster) = (directory, application, time, ownFolder, cluster);

    public HandSetClock Time { get; }

    public HttpClient Client { get; private set; } = null!;

    public string Folder => _directory.Path;

    private IEnumerable<WebApplication> Nodes => [_application, .. _cluster?.Others ?? []];

    public ICatalog Catalog => Service<ICatalog>();

    public IJournal Journal => Service<IJournal>();

    /// <summary>Starts a server, on data that is there already where a folder is named.</summary>
    public static async Task<TestServer> StartAsync(
        string? folder = null, Func<ServerOptions, ServerOptions>? options = null)
    {
        var ownFolder = folder is null ? new TemporaryFolder() : null;
        var time = new HandSetClock();
        var directory = DataDirectory.Take(folder ?? ownFolder!.Path);
        var settings = new ServerOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = directory.Path,
            Projection = new ProjectionOptions { MemoryLimitBytes = 512 << 20 },
        };
        settings = options?.Invoke(settings) ?? settings;
        var cluster = settings.Cluster.IsUsed ? null : await TestCluster.OfAsync(directory.Path);
        settings = cluster is null ? settings : settings with { Cluster = cluster.Options };
        var application = Build(settings, directory, time);
        var server = new TestServer(directory, application, time, ownFolder, cluster);
        await application.StartAsync();
        server.Client = cluster is null ? new HttpClient { BaseAddress = new Uri(application.Urls.Single()) } : await cluster.JoinAsync(settings, time, application);
        return server;
    }

    /// <summary>Builds a server with what tests need otherwise.</summary>
    public static WebApplication Build(ServerOptions settings, DataDirectory directory, HandSetClock time) => Server.Build(settings, directory, builder =>
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton(new Passwords(1)); // So that a sign-in takes no time.
    });

    public T Service<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>Of each node where the server is a cluster.</summary>
    public IEnumerable<T> Everywhere<T>()
        where T : notnull => Nodes.Select(static node => node.Services.GetRequiredService<T>());

    /// <summary>A new workspace, which is as good as a server of its own.</summary>
    public Shop OpenShop(string timeZone = "UTC")
    {
        var (id, key) = (WorkspaceRules.NewId(), WorkspaceRules.NewKey());
        Catalog.CreateWorkspace(id, key, DateTimeZoneProviders.Tzdb[timeZone]);
        return new Shop(this, id, key);
    }

    /// <summary>Waits until everything acknowledged is in the reports.</summary>
    public async Task ProjectedAsync()
    {
        var head = await Journal.FindHeadAsync(TestContext.Current.CancellationToken);
        foreach (var projector in Nodes.Where(static node => node.Services.GetRequiredService<Leadership>().Projects).Select(static node => node.Services.GetRequiredService<Projector>()))
        {
            (await projector.WaitForAsync(head, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
        }
    }

    /// <summary>Sees to it that everything delivered is in the journal.</summary>
    public async Task DeliveredAsync()
    {
        foreach (var journal in Everywhere<DeliveryJournal>())
        {
            await journal.WriteAsync();
        }
    }

    /// <summary>What all nodes count, one behind the other.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return string.Concat(await Task.WhenAll(Nodes.Select(node => client.GetStringAsync(new Uri(new Uri(node.Urls.Single()), "/metrics"), TestContext.Current.CancellationToken))));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _application.StopAsync();
        await _application.DisposeAsync();
        _directory.Dispose();
        _ownFolder?.Dispose();
    }
}
