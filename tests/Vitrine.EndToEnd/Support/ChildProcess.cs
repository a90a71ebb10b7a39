using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Support;

/// <summary>A process whose output is kept. It never outlives the object.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private bool _disposed;

    /// <summary>Starts a process that inherits the environment, but none of Vitrine's own variables.</summary>
    /// <param name="file">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is added to its environment.</param>
    /// <param name="input">What it reads; null: nothing.</param>
    /// <param name="isTold">Whether it reads more, by <see cref="Tell"/>.</param>
    public ChildProcess(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string? input = null, bool isTold = false)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("VITRINE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is not null)
        {
            _process.StandardInput.Write(input);
        }

        if (!isTold)
        {
            _process.StandardInput.Close();
        }
    }

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => Snapshot(_output);

    /// <summary>The lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => Snapshot(_errors);

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Waits until it writes a line that fits, and answers what the first group of it holds.</summary>
    public async Task<string> SaysAsync(Regex pattern, TimeSpan limit)
    {
        Match? found = null;
        await Poll.UntilAsync($"a line like {pattern}", limit, () =>
        {
            HasExited.ShouldBeFalse(string.Join('\n', Output.Concat(Errors)));
            found = Output.Select(line => pattern.Match(line)).FirstOrDefault(static match => match.Success);
            return found is not null;
        });
        return found!.Groups[1].Value;
    }

    /// <summary>Writes a line that it reads.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the end; answers the exit code. Past the limit it is killed and the test fails.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            Assert.Fail($"{_process.StartInfo.FileName} did not end within {limit.TotalSeconds:0.#} s. It wrote:\n{string.Join('\n', Output.Concat(Errors))}");
        }

        return _process.ExitCode;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Halts it: it keeps what it has and does nothing.</summary>
    public void Halt() => SendSignal(_process.Id, 19).ShouldBe(0); // SIGSTOP

    /// <summary>Lets it go on.</summary>
    public void Resume() => SendSignal(_process.Id, 18).ShouldBe(0); // SIGCONT

    /// <summary>Sends a signal.</summary>
    public void Send(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        SendSignal(_process.Id, number).ShouldBe(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (!_process.HasExited)
            {
                await KillAsync();
            }

            _process.Dispose();
        }
    }

    private void Keep(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (_gate)
            {
                lines.Add(line);
            }
        }
    }

    private List<string> Snapshot(List<string> lines)
    {
        lock (_gate)
        {
            return [.. lines];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
