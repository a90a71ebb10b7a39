using System.Diagnostics;
using Vitrine.Cluster;
using Vitrine.Tests.Shared;

namespace Vitrine.Tests.Support;

/// <summary>Real nats-servers with JetStream that form a cluster; null where there is no nats-server on this machine.</summary>
public sealed class NatsServers : IAsyncLifetime
{
    private const int Count = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private readonly int[] _ports = NatsProgram.FreePorts(2 * Count);
    private int _names;

    /// <summary>Where they listen.</summary>
    public string Urls => string.Join(',', _ports[..Count].Select(static port => $"nats://127.0.0.1:{port}"));

    /// <summary>A cluster of its own on them; the test skips where there are none.</summary>
    public ClusterOptions NewCluster()
    {
        Assert.SkipWhen(_processes.Count == 0, "There is no nats-server here.");
        return new ClusterOptions { Servers = Urls, Name = $"test-{Interlocked.Increment(ref _names)}", Replicas = Count };
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        if (NatsProgram.Find() is { } executable)
        {
            for (var index = 0; index < Count; index++)
            {
                _processes.Add(Process.Start(new ProcessStartInfo(executable, ["-c", Configuration(index)]) { RedirectStandardError = false })!);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        foreach (var process in _processes)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }

    /// <summary>Ends them at once.</summary>
    public void Kill() => _processes.ForEach(static process => process.Kill());

    private string Configuration(int index)
    {
        var routes = string.Join(", ", _ports[Count..].Select(static port => $"nats-route://127.0.0.1:{port}"));
        var file = _folder[$"nats-{index}.conf"];
        File.WriteAllText(file, $$"""
            server_name: nats-{{index}}
            listen: 127.0.0.1:{{_ports[index]}}
            log_file: "{{_folder[$"nats-{index}.log"]}}"
            jetstream { store_dir: "{{_folder[$"nats-{index}"]}}" }
            cluster { name: test, listen: 127.0.0.1:{{_ports[Count + index]}}, routes: [{{routes}}] }
            """);
        return file;
    }
}
