using System.Diagnostics;
using System.Globalization;
using Vitrine.Projection;

namespace Vitrine.Load;

/// <summary>Loads a server for minutes and tells, minute by minute, what it holds.</summary>
/// <remarks>
/// The memory of the uuids is kept to <see cref="UuidBytes"/>, so that the load passes it in the first minutes and goes on
/// beyond it. What may still grow is known: 1.6 bytes for each uuid that went to the disk.
/// </remarks>
internal static class Soak
{
    private const long UuidBytes = 64 << 20;

    /// <summary>Prints a line a minute.</summary>
    public static async Task RunAsync(Scenario scenario, LoadOptions options, int minutes)
    {
        var folder = Path.Combine(options.Data, "soak");
        await using (var server = await LoadedServer.StartAsync(folder, new ProjectionOptions { DeduplicationMemoryBytes = UuidBytes }))
        {
            Console.WriteLine($"| minute of {scenario.Title} | events stored | resident MB | managed heap MB | uuids MB in memory | on the disk | not 2xx |");
            Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|");
            using var process = Process.GetCurrentProcess();
            for (var minute = 1; minute <= minutes; minute++)
            {
                var measured = await server.LoadEventsAsync(scenario, options, seconds: 60);
                process.Refresh();
                var (stored, memory, disk) = (
                    await server.CountAsync("vitrine_projection_uuids"),
                    await server.CountAsync("vitrine_projection_uuid_bytes"),
                    await server.CountAsync("vitrine_projection_uuid_disk_bytes"));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {minute} | {stored:N0} | {process.WorkingSet64 / 1e6:N0} | {GC.GetTotalMemory(forceFullCollection: false) / 1e6:N0} | {memory / 1e6:N0} | {disk / 1e6:N0} | {measured.Wrk.Refused + measured.Wrk.Broken} |"));
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
