using System.Runtime.InteropServices;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>Three nats-servers and three nodes or more, each a process of its own, that can be killed, halted and started again.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    /// <summary>How many nats-servers there are, and nodes at first.</summary>
    public const int Size = 3;

    private const int NodePort = 8080;

    private readonly TemporaryFolder _folder = new();
    private readonly string _executable;
    private readonly CutNetwork? _network;
    private readonly string[] _nodeArguments;
    private readonly int[] _ports;
    private readonly int[] _routes;
    private readonly int[] _monitors;
    private readonly ChildProcess[] _brokers = new ChildProcess[Size];
    private readonly List<ServerProcess?> _nodes = [];

    private RealCluster(string executable, CutNetwork? network, string[] nodeArguments)
    {
        (_executable, _network, _nodeArguments) = (executable, network, nodeArguments);
        var ports = NatsProgram.FreePorts(3 * Size);
        (_ports, _routes, _monitors) = (ports[..Size], ports[Size..(2 * Size)], ports[(2 * Size)..]);
    }

    /// <summary>The nodes, whether they live or not.</summary>
    public IReadOnlyList<ServerProcess> Nodes => [.. _nodes.OfType<ServerProcess>()];

    /// <summary>The nodes that live.</summary>
    public IReadOnlyList<ServerProcess> Living => [.. Nodes.Where(static node => !node.Process.HasExited)];

    /// <summary>What a command needs to find it.</summary>
    public string Servers => string.Join(',', Enumerable.Range(0, Size).Select(index => $"nats://{AddressOf(index)}:{_ports[index]}"));

    /// <summary>The data folder of a node.</summary>
    public string FolderOf(int node) => _folder[$"node-{node}"];

    /// <summary>Starts all, in a network with a machine for each node and its nats-server, or all on this one; the test skips where there is no nats-server.</summary>
    public static async Task<RealCluster> StartAsync(CutNetwork? network = null, params string[] nodeArguments)
    {
        var cluster = await StartBrokersAsync(network, nodeArguments);
        try
        {
            await cluster.StartNodesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the nats-servers alone, likewise.</summary>
    public static async Task<RealCluster> StartBrokersAsync(CutNetwork? network = null, params string[] nodeArguments)
    {
        var cluster = new RealCluster(NatsProgram.FindOrSkip(), network, nodeArguments);
        try
        {
            await cluster.MendAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the nodes.</summary>
    public Task StartNodesAsync()
    {
        _nodes.AddRange(new ServerProcess?[Size]);
        return MendAsync();
    }

    /// <summary>Starts and resumes whatever does not run, and waits until it is sound.</summary>
    public async Task MendAsync()
    {
        for (var index = 0; index < Size; index++)
        {
            if (_brokers[index] is { HasExited: false } broker)
            {
                broker.Resume();
            }
            else
            {
                StartBroker(index);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, _nodes.Count).Where(index => _nodes[index]?.Process.HasExited ?? true).Select(StartNodeAsync));
        await Task.WhenAll(Enumerable.Range(0, Size).Select(BrokerIsSoundAsync));
    }

    /// <summary>Starts a broker, on what it had before.</summary>
    public void StartBroker(int index)
    {
        var routes = string.Join(", ", Enumerable.Range(0, Size).Select(other => $"nats-route://{AddressOf(other)}:{_routes[other]}"));
        var settings = _folder.Write($"nats-{index}.conf", $$"""
            server_name: nats-{{index}}
            listen: {{AddressOf(index)}}:{{_ports[index]}}
            http: {{MonitorOf(index)}}
            log_file: "{{_folder[$"nats-{index}.log"]}}"
            jetstream { store_dir: "{{_folder[$"nats-{index}"]}}" }
            cluster { name: test, listen: {{AddressOf(index)}}:{{_routes[index]}}, routes: [{{routes}}] }
            """);
        string[] command = [.. _network?.On(index) ?? [], _executable, "-c", settings];
        _brokers[index] = new ChildProcess(command[0], command[1..], new Dictionary<string, string>());
    }

    /// <summary>Waits until a broker has caught up with the others: until then it is one of the majority in name only.</summary>
    public async Task BrokerIsSoundAsync(int index)
    {
        using var client = new HttpClient(new LostConnections());
        await Poll.UntilAsync($"broker {index} has caught up", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://{MonitorOf(index)}/healthz"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Ends a broker as a power cut does.</summary>
    public Task KillBrokerAsync(int index) => _brokers[index].KillAsync();

    /// <summary>Halts a broker, which keeps its connections and answers nothing.</summary>
    public void HaltBroker(int index) => _brokers[index].Halt();

    /// <summary>Lets a halted broker go on.</summary>
    public void ResumeBroker(int index) => _brokers[index].Resume();

    /// <summary>Starts a node, on what it had before.</summary>
    public async Task StartNodeAsync(int index)
    {
        var setup = new ServerSetup(FolderOf(index)) { Arguments = ["--cluster", Servers, .. _nodeArguments] };
        if (_network is not null)
        {
            var inside = $"http://{AddressOf(index)}:{NodePort}";
            setup = setup with
            {
                Within = _network.On(index),
                Urls = $"http://{_network.CableOf(index)}:{NodePort};{inside}",
                Arguments = [.. setup.Arguments, "--advertise", inside],
            };
        }

        _nodes[index] = await ServerProcess.StartAsync(setup);
    }

    /// <summary>Starts one node more, which has nothing yet; answers its number.</summary>
    public async Task<int> AddNodeAsync()
    {
        _nodes.Add(null);
        await StartNodeAsync(_nodes.Count - 1);
        return _nodes.Count - 1;
    }

    /// <summary>Ends a node as a power cut does.</summary>
    public Task KillNodeAsync(int index) => _nodes[index]!.KillAsync();

    /// <summary>Stops all nodes and then all brokers, as a service manager does.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(Nodes.Select(static node => node.StopAsync()));
        foreach (var broker in _brokers)
        {
            broker.Send(PosixSignal.SIGTERM);
        }

        await Task.WhenAll(_brokers.Select(static broker => broker.ExitAsync(TimeSpan.FromSeconds(20))));
    }

    /// <summary>Ends everything at once, as a power cut of the whole room does, but for what the operating system has in memory.</summary>
    public Task KillAsync() => Task.WhenAll(Nodes.Select(static node => node.KillAsync()).Concat(_brokers.Select(static broker => broker.KillAsync())));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in Nodes.OfType<IAsyncDisposable>().Concat(_brokers.OfType<IAsyncDisposable>()))
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string AddressOf(int index) => _network?.AddressOf(index) ?? "127.0.0.1";

    private string MonitorOf(int index) => $"{_network?.CableOf(index) ?? "127.0.0.1"}:{_monitors[index]}";
}
