using System.Globalization;

namespace Vitrine.EndToEnd.DotNetSdk;

/// <summary>What an app runs on.</summary>
public enum Runtime
{
    /// <summary>.NET, with the SDK's assembly for it.</summary>
    Net,

    /// <summary>Mono, of the family that Android and iOS apps run on, with the assembly for .NET Standard 2.0.</summary>
    Mono,
}

/// <summary>An app with the .NET SDK, as a process that does what it is told.</summary>
internal sealed class Reporter : IAsyncDisposable
{
    private const string Mono = "/usr/bin/mono";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private int _heard;

    private Reporter(ChildProcess process) => _process = process;

    /// <summary>What it has said so far.</summary>
    public IReadOnlyList<string> Said => _process.Output;

    /// <summary>Starts one; skips the test, saying so, where there is no such runtime.</summary>
    public static async Task<Reporter> StartAsync(Runtime runtime, Counter counter, string? key = null, long maximumBytes = 64 << 20)
    {
        Assert.SkipWhen(runtime == Runtime.Mono && !File.Exists(Mono), "There is no Mono.");
        var built = Path.Combine(Path.GetDirectoryName(Build.Executable)!, "..", "..", "Vitrine.Client.Reporter", new DirectoryInfo(Path.GetDirectoryName(Build.Executable)!).Name);
        string[] arguments = [counter.Address.ToString(), counter.Server.Workspace, key ?? counter.Server.Key, counter.Apps, maximumBytes.ToString(CultureInfo.InvariantCulture)];
        var process = runtime == Runtime.Net
            ? new ChildProcess(built + "_net10.0/Vitrine.Client.Reporter", arguments, [], isTold: true)
            : new ChildProcess(Mono, [built + "_net462/Vitrine.Client.Reporter.exe", .. arguments], [], isTold: true);
        var reporter = new Reporter(process);
        await reporter.HearAsync("ready");
        return reporter;
    }

    /// <summary>Tells it something, and answers what it says then.</summary>
    public async Task<string> TellAsync(string line)
    {
        _process.Tell(line);
        return await HearAsync(line);
    }

    /// <summary>Tells it something that it goes on doing.</summary>
    public void Tell(string line) => _process.Tell(line);

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Tells it to end, which it does well.</summary>
    public async Task EndAsync()
    {
        _process.Tell("end");
        (await _process.ExitAsync(Limit)).ShouldBe(0, string.Join('\n', _process.Errors));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<string> HearAsync(string after)
    {
        await Poll.UntilAsync($"an answer to '{after}'", Limit, () =>
        {
            _process.HasExited.ShouldBeFalse(string.Join('\n', _process.Errors));
            return _process.Output.Count > _heard;
        });
        return _process.Output[_heard++];
    }
}
