using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Vitrine.EndToEnd;

public sealed class ShutdownTests
{
    public static TheoryData<PosixSignal> Signals { get; } = Build.Long ? [PosixSignal.SIGTERM, PosixSignal.SIGINT] : [PosixSignal.SIGTERM];

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Told_to_stop_under_load_it_drains_and_ends_well(PosixSignal signal)
    {
        using var folder = new TemporaryFolder();
        var load = new Load(Seeded.Announced());
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            var posting = load.RunAsync(server, 8, () => server.Process.HasExited);
            await Poll.UntilAsync("the load is on", TimeSpan.FromSeconds(20), () => load.Acknowledged > 2_000);
            var told = Stopwatch.GetTimestamp();
            server.Process.Send(signal);
            (await server.Process.ExitAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
            TestContext.Current.TestOutputHelper?.WriteLine($"{signal}: ended after {Stopwatch.GetElapsedTime(told).TotalMilliseconds:0} ms");
            await posting;
            server.Process.Errors.ShouldAllBe(static line => !line.Contains("\"Error\"", StringComparison.Ordinal));
        }

        await using var again = await ServerProcess.StartAsync(folder.Path);
        await load.ShouldBeKeptAsync(again);
    }
}
