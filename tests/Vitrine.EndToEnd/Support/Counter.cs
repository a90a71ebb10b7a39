using System.Text.Json;

namespace Vitrine.EndToEnd.Support;

/// <summary>A server that counts what pages and apps reported: one that goes and comes back at the same address, or a workspace of one that stays.</summary>
internal sealed class Counter : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly string? _shared;

    private Counter(TemporaryFolder folder, ServerProcess server, string? shared = null) => (_folder, Server, _shared) = (folder, server, shared);

    public ServerProcess Server { get; private set; }

    public Uri Address => Server.Address;

    /// <summary>Where apps keep their queues.</summary>
    public string Apps => _folder["apps"];

    /// <summary>Bytes that the apps have there.</summary>
    public long AppBytes => Directory.GetFiles(Apps, "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);

    /// <summary>Starts one that goes and comes back.</summary>
    public static async Task<Counter> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new Counter(folder, await ServerProcess.StartAsync(folder["data"]));
    }

    /// <summary>Opens a workspace of one that stays.</summary>
    public static async Task<Counter> OpenAsync(SharedServer shared) => new(new TemporaryFolder(), await shared.OpenAsync(), shared.Data);

    /// <summary>Makes a client key.</summary>
    public async Task<string> NewClientKeyAsync(string origin, int? requestsPerMinute = null)
    {
        string[] limit = requestsPerMinute is { } number ? ["--requests-per-minute", $"{number}"] : [];
        var made = (await VitrineCommand.RunAsync(["key", "create", "--client", "--origin", origin, .. limit, "--workspace", Server.Workspace, "--data", _shared ?? _folder["data"]])).ShouldSucceed();
        var key = made.Output[^1].Split(' ')[^1];
        await Poll.UntilAsync("the key is known", TimeSpan.FromSeconds(10), async () =>
        {
            using var client = Server.Client(key: key);
            return (await client.GetAsync("/v1/experiences/metadata")).Status != 401;
        });
        return key;
    }

    /// <summary>Publishes an experience for everybody.</summary>
    public async Task PublishAsync(string key, string title)
    {
        using var client = Server.Client();
        await client.PublishAsync(key, title);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => Server.KillAsync();

    /// <summary>Starts it again where it was.</summary>
    public async Task RestartAsync()
    {
        var urls = Server.Address.GetLeftPart(UriPartial.Authority);
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(new ServerSetup(_folder["data"]) { Urls = urls });
    }

    /// <summary>Waits until so many events count, or more, and answers them; each was stored once.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(int atLeast)
    {
        using var client = Server.Client();
        await Poll.UntilAsync($"{atLeast} events are there", TimeSpan.FromSeconds(60), async () => (await client.ExportAsync()).Count >= atLeast);
        var events = await client.ExportAsync();
        events.Select(static one => one.GetProperty("moe_event_uuid").GetGuid()).Distinct().Count().ShouldBe(events.Count);
        await client.LedgerShouldBalanceAsync();
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        if (_shared is null)
        {
            await Server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
