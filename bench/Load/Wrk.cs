using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Load;

/// <summary>One run of wrk as a child process.</summary>
/// <param name="Requests">Answers it received.</param>
/// <param name="Elapsed">How long it ran by its own clock.</param>
/// <param name="Refused">Answers with a status of 400 or more.</param>
/// <param name="Broken">Connections, reads and writes that failed, and requests that took longer than two seconds.</param>
/// <param name="Median">Half of the answers came sooner.</param>
/// <param name="Percentile99">All but one in a hundred came sooner.</param>
internal sealed record Wrk(long Requests, TimeSpan Elapsed, long Refused, long Broken, TimeSpan Median, TimeSpan Percentile99)
{
    /// <summary>Answers a second.</summary>
    public double Rate => Requests / Elapsed.TotalSeconds;

    /// <summary>Loads an endpoint for some seconds.</summary>
    /// <exception cref="LoadException">wrk is missing or did not report what it measured.</exception>
    public static async Task<Wrk> RunAsync(Uri url, Scenario scenario, int threads, int seconds, string workspace, string authorization)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "events.lua");
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
        var line = output.Split('\n').FirstOrDefault(static line => line.StartsWith("measured ", StringComparison.Ordinal))
            ?? throw new LoadException($"wrk measured nothing (exit code {process.ExitCode}): {output}");
        var figures = line.Split(' ')[1..].Select(static figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new Wrk(figures[0], Microseconds(figures[1]), figures[2], figures[3], Microseconds(figures[4]), Microseconds(figures[5]));
    }

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

    private static TimeSpan Microseconds(long count) => TimeSpan.FromMicroseconds(count);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The load could not be run; the message says why.</summary>
internal sealed class LoadException(string message) : Exception(message);
