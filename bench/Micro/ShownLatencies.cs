using System.Diagnostics;
using System.Globalization;
using Vitrine.Client;

namespace Vitrine.Micro;

/// <summary>What <c>Shown</c> takes of an app, on one core, while no server answers and the queue is full: each call is a line of a file.</summary>
internal static class ShownLatencies
{
    private const int Calls = 2_000_000;
    private const long MaximumBytes = 64 << 20;

    public static void Print()
    {
        using var process = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            process.ProcessorAffinity = 1;
        }

        var folder = Directory.CreateTempSubdirectory("vitrine-shown-");
        try
        {
            Measure(folder.FullName, process);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(string folder, Process process)
    {
        var client = new VitrineClient(new VitrineOptions
        {
            Host = new Uri("http://127.0.0.1:1"),
            Workspace = "SHOP",
            Key = "vck_0123456789",
            Folder = folder,
            MaximumQueueBytes = MaximumBytes,
            DisposeLimit = TimeSpan.Zero,
        });
        var context = new ExperienceContext("66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A", "Homepage banner", "0", "1", "All Users", "5A");
        for (var call = 0; call < 100_000; call++)
        {
            client.Shown(context);
        }

        var ticks = new long[Calls];
        var processor = process.TotalProcessorTime;
        var begin = Stopwatch.GetTimestamp();
        for (var call = 0; call < Calls; call++)
        {
            var before = Stopwatch.GetTimestamp();
            client.Shown(context);
            ticks[call] = Stopwatch.GetTimestamp() - before;
        }

        var elapsed = Stopwatch.GetElapsedTime(begin);
        process.Refresh();
        processor = process.TotalProcessorTime - processor;
        Array.Sort(ticks);
        string Microseconds(double share) => (ticks[(int)((Calls - 1) * share)] * 1e6 / Stopwatch.Frequency).ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Calls / elapsed.TotalSeconds:#,0} calls/s on one core, {processor.TotalMicroseconds / Calls:0.0} µs of processor each"));
        Console.WriteLine($"p50 {Microseconds(0.5)} µs, p99 {Microseconds(0.99)} µs, p99.9 {Microseconds(0.999)} µs, longest {Microseconds(1)} µs");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{client.Queued:#,0} queued, {client.Dropped:#,0} dropped, {new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length):#,0} bytes of {MaximumBytes:#,0}"));
        client.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
