using System.Diagnostics;
using System.Text.Json;
using Vitrine.Tests.Shared;

namespace Vitrine.Tests.Support;

/// <summary>One real nats-server with JetStream, on a free port.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    /// <summary>Where it listens, without a scheme.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A path in its folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Starts one with further settings, which are made once there is a folder for the files that they name; the test skips where there is no nats-server.</summary>
    public static async Task<NatsServer> StartAsync(Func<NatsServer, string> settings)
    {
        var executable = NatsProgram.FindOrSkip();
        var server = new NatsServer();
        File.WriteAllText(server["nats.conf"], $$"""
            server_name: alone
            listen: 127.0.0.1:-1
            ports_file_dir: "{{server._folder.Path}}"
            log_file: "{{server["nats.log"]}}"
            {{settings(server)}}
            """);
        server._process = Process.Start(new ProcessStartInfo(executable, ["-c", server["nats.conf"]]))!;
        await Eventually.BeTrueAsync(() =>
        {
            server._process.HasExited.ShouldBeFalse("nats-server does not take its settings");
            var file = Directory.EnumerateFiles(server._folder.Path, "*.ports").FirstOrDefault();
            if (file is null || new FileInfo(file).Length == 0)
            {
                return Task.FromResult(false);
            }

            using var ports = JsonDocument.Parse(File.ReadAllText(file));
            server.Address = new Uri(ports.RootElement.GetProperty("nats")[0].GetString()!).Authority;
            return Task.FromResult(true);
        });
        return server;
    }

    /// <summary>JetStream, with what belongs to it.</summary>
    public string JetStream(string more = "") => $"jetstream {{ store_dir: \"{this["jetstream"]}\"{more} }}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }
}
