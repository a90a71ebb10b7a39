using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Vitrine.Load;

/// <summary>A nats-server with JetStream, as a child process on a port of its own.</summary>
internal sealed class NatsProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NatsProcess(Process process, string url) => (_process, Url) = (process, url);

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>Starts one that keeps its files in a folder.</summary>
    /// <exception cref="LoadException">There is no nats-server, or it does not start.</exception>
    public static async Task<NatsProcess> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var process = Start(["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder, "-js", "-sd", Path.Combine(folder, "jetstream"), "-l", Path.Combine(folder, "nats.log")]);
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20); await Task.Delay(50))
        {
            if (Directory.EnumerateFiles(folder, "*.ports").FirstOrDefault() is { } file && await File.ReadAllTextAsync(file) is { Length: > 0 } ports)
            {
                return new NatsProcess(process, JsonDocument.Parse(ports).RootElement.GetProperty("nats")[0].GetString()!);
            }
        }

        process.Kill();
        throw new LoadException("nats-server did not start.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts one with arguments: that of the system, or the one that <c>VITRINE_NATS_SERVER</c> names.</summary>
    /// <exception cref="LoadException">There is no nats-server.</exception>
    public static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("VITRINE_NATS_SERVER") ?? "nats-server", arguments))!;
        }
        catch (Win32Exception)
        {
            throw new LoadException("nats-server is not installed. ./test fetches one to artifacts/nats-server on Debian; name it in VITRINE_NATS_SERVER");
        }
    }
}
