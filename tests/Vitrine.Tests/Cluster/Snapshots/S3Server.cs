using System.Diagnostics;
using System.Runtime.CompilerServices;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster.Snapshots;

/// <summary>A server of npm that speaks S3 and checks signatures (s3rver); tests skip where it cannot be installed.</summary>
public sealed class S3Server : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private string _whyNot = "There is no npm here.";

    /// <summary>A place for snapshots that nobody else has.</summary>
    public string NewPlace()
    {
        Assert.SkipWhen(Endpoint is null, _whyNot);
        return $"s3://vitrine/{Guid.NewGuid():N}?endpoint={Endpoint}";
    }

    private string? Endpoint { get; set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Here(), "s3")))
        {
            File.Copy(file, _folder[Path.GetFileName(file)]);
        }

        try
        {
            using var install = Start("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
            using var limit = new CancellationTokenSource(Patience);
            var errors = await install.StandardError.ReadToEndAsync(limit.Token);
            await install.WaitForExitAsync(limit.Token);
            if (install.ExitCode != 0)
            {
                _whyNot = $"npm could not install s3rver: {errors}";
                return;
            }
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return;
        }

        // What s3rver takes from everybody.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        _process = Start("node", "node_modules/s3rver/bin/s3rver.js", "-d", _folder["data"], "-a", "127.0.0.1", "-p", "0", "--configure-bucket", "vitrine");
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                Endpoint = "http://" + line[(line.LastIndexOf(' ') + 1)..];
                _ = _process.StandardOutput.ReadToEndAsync();
                _ = _process.StandardError.ReadToEndAsync();
                break;
            }
        }
    }

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

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = _folder.Path,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
