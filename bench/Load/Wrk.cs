using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Load;

/// <summary>One run of wrk as a child process.</summary>
/// <param name="Requests">Answers it received.</param>
/// <param name="Elapsed">How long it ran by its own clock.</param>
/// <param name="Refused">Answers with a status of 400 or more.</param>
/// <param name="Broken">Connections, reads and writes that failed, and requests that took longer than two seconds.</param>
/// <param name="Latencies">How long they took.</param>
internal sealed record Wrk(long Requests, TimeSpan Elapsed, long Refused, long Broken, Latencies Latencies)
{
    /// <summary>Answers a second.</summary>
    public double Rate => Requests / Elapsed.TotalSeconds;

    /// <summary>Loads an endpoint for some seconds.</summary>
    /// <exception cref="LoadException">wrk is missing or did not report what it measured.</exception>
    public static async Task<Wrk> RunAsync(Uri url, Scenario scenario, int threads, int seconds, string workspace, string authorization)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "requests.lua");
        var start = new ProcessStartInfo(
            "wrk",
            [
                "-t", Text(threads), "-c", Text(scenario.Connections), "-d", Text(seconds), "-s", script, url.ToString(), "--",
                Text(scenario.Elements), Text(scenario.Actions), workspace, authorization,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Start(start);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var figures = Figures(output, "measured").FirstOrDefault()
            ?? throw new LoadException($"wrk measured nothing (exit code {process.ExitCode}): {output}");
        var expected = figures[1] / Math.Max(1, figures[0] / scenario.Connections);
        var latencies = new Latencies(Figures(output, "latency").Select(static line => (line[0], line[1])), expected);
        return new Wrk(figures[0], TimeSpan.FromMicroseconds(figures[1]), figures[2], figures[3], latencies);
    }

    /// <summary>The numbers of the lines that begin with a word.</summary>
    private static IEnumerable<long[]> Figures(string output, string word) => output.Split('\n')
        .Where(line => line.StartsWith(word + ' ', StringComparison.Ordinal))
        .Select(static line => line.Split(' ')[1..].Select(static figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray());

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new LoadException("wrk is not installed. On Debian and Ubuntu: apt-get install wrk");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The load could not be run; the message says why.</summary>
internal sealed class LoadException(string message) : Exception(message);
