using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Support;

/// <summary>How a server is started.</summary>
/// <param name="Data">Its data folder.</param>
internal sealed record ServerSetup(string Data)
{
    /// <summary>The workspace that the tests speak for.</summary>
    public const string Workspace = "SHOP";

    /// <summary>Its key.</summary>
    public const string Key = "e2e-secret-key-5f1d7c";

    /// <summary>The executable; by default the built one.</summary>
    public string Executable { get; init; } = Build.Executable;

    /// <summary>The command that runs it, such as one that puts it on a machine of its own; by default none.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>Where it listens; port 0 is any free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its environment; by default the workspace and the key.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string> { ["VITRINE_WORKSPACE"] = Workspace, ["VITRINE_API_KEY"] = Key };
}

/// <summary>The built server as a process of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a start may take on a busy machine before a test gives up.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly HttpClient Probe = new(new LostConnections()) { Timeout = TimeSpan.FromSeconds(5) };

    private ServerProcess(ChildProcess process) => Process = process;

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it listens, once it has said so.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>The workspace that the tests speak for.</summary>
    public string Workspace { get; private init; } = ServerSetup.Workspace;

    /// <summary>Its key.</summary>
    public string Key { get; private init; } = ServerSetup.Key;

    /// <summary>The same server, as another workspace has it.</summary>
    public ServerProcess As(string workspace, string key) => new(Process) { Address = Address, Workspace = workspace, Key = key };

    /// <summary>Starts a server without waiting for anything.</summary>
    public static ServerProcess Launch(ServerSetup setup)
    {
        string[] command = [.. setup.Within, setup.Executable, "serve", "--data", setup.Data, "--urls", setup.Urls, .. setup.Arguments];
        return new(new ChildProcess(command[0], command[1..], setup.Environment));
    }

    /// <summary>Starts a server and waits until it takes events.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSetup setup)
    {
        var server = Launch(setup);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server on a data folder with the tests' workspace.</summary>
    public static Task<ServerProcess> StartAsync(string data) => StartAsync(new ServerSetup(data));

    /// <summary>Waits until it takes events.</summary>
    public async Task ReadyAsync()
    {
        Address = new Uri(await Process.SaysAsync(Listening(), StartLimit));
        await Poll.UntilAsync("the server is ready", StartLimit, async () => (await ReadinessAsync()).Status == 200);
    }

    /// <summary>What <c>/healthz/ready</c> says; status 0 when nobody answers.</summary>
    public async Task<(int Status, string Text)> ReadinessAsync()
    {
        try
        {
            using var response = await Probe.GetAsync(new Uri(Address, "/healthz/ready"));
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException) // Gone, or too busy to say.
        {
            return (0, fault.Message);
        }
    }

    /// <summary>A client for it.</summary>
    public ApiClient Client(string? workspace = null, string? key = null) => new(Address, workspace ?? Workspace, key ?? Key);

    /// <summary>kill -9.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Stops it as a service manager does; it must end well.</summary>
    public async Task StopAsync()
    {
        Process.Send(PosixSignal.SIGTERM);
        (await Process.ExitAsync(TimeSpan.FromSeconds(20))).ShouldBe(0, string.Join('\n', Process.Errors));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    [GeneratedRegex(@"listens on (http://[^\s,]+)")]
    private static partial Regex Listening();
}
