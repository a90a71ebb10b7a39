using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vitrine.Workspaces;

namespace Vitrine.Load;

/// <summary>Three nats-servers that form a cluster, and nodes of Vitrine, each a process of its own.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    /// <summary>Servers of NATS, and replicas of everything.</summary>
    public const int Brokers = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly ProcessorQuota? _quota;
    private readonly List<Process> _brokers = [];
    private readonly List<(Process Process, Uri Address)> _nodes = [];

    private ClusterProcesses(string folder, ProcessorQuota? quota) => (_folder, _quota) = (folder, quota);

    /// <summary>Where NATS listens.</summary>
    public string Servers { get; private set; } = "";

    /// <summary>The key of the workspace whose events are sent.</summary>
    public string Key { get; } = WorkspaceRules.NewKey();

    /// <summary>Where the nodes listen.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _nodes.Select(static node => node.Address)];

    /// <summary>Processor time that the servers of NATS have taken.</summary>
    public TimeSpan BrokersProcessor => Processor(_brokers);

    /// <summary>Processor time that the nodes have taken.</summary>
    public TimeSpan NodesProcessor => Processor(_nodes.Select(static node => node.Process));

    /// <summary>Starts the servers of NATS, and makes the workspace.</summary>
    public static async Task<ClusterProcesses> StartAsync(string folder, LoadOptions options)
    {
        var cluster = new ClusterProcesses(folder, options.BrokerProcessors is { } processors ? ProcessorQuota.Make(processors) : null);
        var ports = FreePorts(2 * Brokers);
        var routes = string.Join(", ", ports[Brokers..].Select(static port => $"nats-route://127.0.0.1:{port}"));
        Directory.CreateDirectory(folder);
        for (var index = 0; index < Brokers; index++)
        {
            var file = Path.Combine(folder, $"nats-{index}.conf");
            await File.WriteAllTextAsync(file, $$"""
                server_name: nats-{{index}}
                listen: 127.0.0.1:{{ports[index]}}
                log_file: "{{Path.Combine(folder, $"nats-{index}.log")}}"
                jetstream { store_dir: "{{Path.Combine(folder, $"nats-{index}")}}"{{(options.Synced ? ", sync_interval: always" : "")}} }
                cluster { name: load, listen: 127.0.0.1:{{ports[Brokers + index]}}, routes: [{{routes}}] }
                """);
            cluster._brokers.Add(NatsProcess.Start(["-c", file]));
            cluster._quota?.Add(cluster._brokers[^1]);
        }

        cluster.Servers = string.Join(',', ports[..Brokers].Select(static port => $"nats://127.0.0.1:{port}"));
        using var command = Vitrine("workspace", "create", LoadedServer.Workspace, "--new-key", cluster.Key, "--cluster", cluster.Servers);
        await command.WaitForExitAsync();
        if (command.ExitCode == 0)
        {
            return cluster;
        }

        await cluster.DisposeAsync();
        throw new LoadException("The workspace could not be made in the cluster.");
    }

    /// <summary>Starts a node and waits until it answers.</summary>
    public async Task StartNodeAsync(string roles)
    {
        var address = new Uri($"http://127.0.0.1:{FreePorts(1)[0]}");
        var folder = Path.Combine(_folder, $"node-{_nodes.Count}-{roles.Replace(',', '-')}");
        _nodes.Add((Vitrine("serve", "--urls", address.ToString(), "--data", folder, "--cluster", Servers, "--roles", roles), address));
        using var client = new HttpClient();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Patience; await Task.Delay(50))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "/healthz/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new LoadException($"A node with the roles {roles} did not become ready.");
    }

    /// <summary>Ends all nodes.</summary>
    public async Task StopNodesAsync()
    {
        foreach (var (process, _) in _nodes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _nodes.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopNodesAsync();
        foreach (var broker in _brokers)
        {
            broker.Kill();
            await broker.WaitForExitAsync();
            broker.Dispose();
        }

        _quota?.Dispose();
    }

    private static Process Vitrine(params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "vitrine"), arguments) { RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync(); // What it says is nobody's here.
        return process;
    }

    private static TimeSpan Processor(IEnumerable<Process> processes)
    {
        var sum = TimeSpan.Zero;
        foreach (var process in processes)
        {
            process.Refresh();
            sum += process.TotalProcessorTime;
        }

        return sum;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static listener => listener.Dispose());
        return ports;
    }
}
