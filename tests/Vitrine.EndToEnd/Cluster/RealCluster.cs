using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>Three nats-servers and three nodes, each a process of its own, that can be killed, halted and started again.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    /// <summary>How many there are of each.</summary>
    public const int Size = 3;

    private static readonly string[] Places = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _executable;
    private readonly int[] _ports;
    private readonly int[] _routes;
    private readonly int[] _monitors;
    private readonly ChildProcess[] _brokers = new ChildProcess[Size];
    private readonly ServerProcess[] _nodes = new ServerProcess[Size];

    private RealCluster(string executable)
    {
        _executable = executable;
        var ports = FreePorts(3 * Size);
        (_ports, _routes, _monitors) = (ports[..Size], ports[Size..(2 * Size)], ports[(2 * Size)..]);
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    /// <summary>What a command needs to find it.</summary>
    public string Servers => string.Join(',', _ports.Select(static port => $"nats://127.0.0.1:{port}"));

    /// <summary>The data folder of a node.</summary>
    public string FolderOf(int node) => _folder[$"node-{node}"];

    /// <summary>Starts all; the test skips where there is no nats-server.</summary>
    public static async Task<RealCluster> StartAsync()
    {
        var cluster = StartBrokers();
        await cluster.StartNodesAsync();
        return cluster;
    }

    /// <summary>Starts the brokers alone, likewise.</summary>
    public static RealCluster StartBrokers()
    {
        var executable = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(executable is null, "There is no nats-server here.");
        var cluster = new RealCluster(executable);
        for (var index = 0; index < Size; index++)
        {
            cluster.StartBroker(index);
        }

        return cluster;
    }

    /// <summary>Starts all nodes.</summary>
    public Task StartNodesAsync() => Task.WhenAll(Enumerable.Range(0, Size).Select(StartNodeAsync));

    /// <summary>Starts a broker, on what it had before.</summary>
    public void StartBroker(int index)
    {
        var routes = string.Join(", ", _routes.Select(static port => $"nats-route://127.0.0.1:{port}"));
        var settings = _folder.Write($"nats-{index}.conf", $$"""
            server_name: nats-{{index}}
            listen: 127.0.0.1:{{_ports[index]}}
            http: 127.0.0.1:{{_monitors[index]}}
            log_file: "{{_folder[$"nats-{index}.log"]}}"
            jetstream { store_dir: "{{_folder[$"nats-{index}"]}}" }
            cluster { name: test, listen: 127.0.0.1:{{_routes[index]}}, routes: [{{routes}}] }
            """);
        _brokers[index] = new ChildProcess(_executable, ["-c", settings], new Dictionary<string, string>());
    }

    /// <summary>Waits until a broker has caught up with the others: until then it is one of the majority in name only.</summary>
    public async Task BrokerIsSoundAsync(int index)
    {
        using var client = new HttpClient(new LostConnections());
        await Poll.UntilAsync($"broker {index} has caught up", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_monitors[index]}/healthz"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Ends a broker as a power cut does.</summary>
    public async Task KillBrokerAsync(int index) => await _brokers[index].DisposeAsync();

    /// <summary>Halts a broker, which keeps its connections and answers nothing.</summary>
    public void HaltBroker(int index) => _brokers[index].Halt();

    /// <summary>Lets a halted broker go on.</summary>
    public void ResumeBroker(int index) => _brokers[index].Resume();

    /// <summary>Starts a node, on what it had before.</summary>
    public async Task StartNodeAsync(int index) =>
        _nodes[index] = await ServerProcess.StartAsync(new ServerSetup(FolderOf(index)) { Arguments = ["--cluster", Servers] });

    /// <summary>Ends a node as a power cut does.</summary>
    public Task KillNodeAsync(int index) => _nodes[index].KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _nodes.OfType<IAsyncDisposable>().Concat(_brokers.OfType<IAsyncDisposable>()))
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Ports that nobody has, below those that the system deals out: so nobody takes one while its broker is away.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = new List<TcpListener>();
        while (listeners.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 32_000));
            try
            {
                listener.Start();
                listeners.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose(); // Somebody has it.
            }
        }

        var ports = listeners.Select(static one => ((IPEndPoint)one.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static one => one.Dispose());
        return ports;
    }
}
