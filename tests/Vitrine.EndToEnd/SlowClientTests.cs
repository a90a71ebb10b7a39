using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.EndToEnd;

/// <summary>Clients that dawdle keep a connection each, and nobody else's.</summary>
public sealed class SlowClientTests
{
    private const int Idle = 1_000;
    private const int Dawdling = 50;

    [Fact]
    public async Task They_do_not_stop_the_others()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        using var slow = new SlowClients(server.Address);
        await slow.OpenAsync(Idle, "");
        await slow.OpenAsync(Dawdling, Head); // Headers that never end.
        await slow.OpenAsync(Dawdling, Head + "Content-Length: 5000\r\n\r\n{\"elements\":["); // Bodies that never end.

        var load = new Load(Seeded.Announced());
        var slowest = TimeSpan.Zero;
        using var client = server.Client();
        for (var request = 0; request < 300; request++)
        {
            if (request % 20 == 0)
            {
                await slow.TrickleAsync();
            }

            var started = Stopwatch.GetTimestamp();
            (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest of 300 among {Idle + (2 * Dawdling)} slow clients: {slowest.TotalMilliseconds:0} ms");
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(10), "an idle machine takes milliseconds; a busy one gets time");
        await load.RunAsync(server, 8, () => load.Acknowledged > 2_000);
        await load.FinishAsync(server);
        (await client.UuidsAsync()).Count.ShouldBe(300 + load.Acknowledged);
        (await client.GetAsync("/api/v1/reports/experiences")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task They_do_not_stop_the_end()
    {
        using var folder = new TemporaryFolder();
        var load = new Load(Seeded.Announced());
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var slow = new SlowClients(server.Address);
            await slow.OpenAsync(Dawdling, "");
            await slow.OpenAsync(Dawdling, Head);
            await slow.OpenAsync(Dawdling, Head + "Content-Length: 5000\r\n\r\n{\"elements\":[");
            var posting = load.RunAsync(server, 8, () => server.Process.HasExited);
            await Poll.UntilAsync("the load is on", TimeSpan.FromSeconds(20), () => load.Acknowledged > 1_000);
            var told = Stopwatch.GetTimestamp();
            server.Process.Send(PosixSignal.SIGTERM);
            (await server.Process.ExitAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, string.Join('\n', server.Process.Errors));
            var taken = Stopwatch.GetElapsedTime(told);
            server.Process.Errors.ShouldAllBe(static line => !line.Contains("\"Error\"", StringComparison.Ordinal));
            TestContext.Current.TestOutputHelper?.WriteLine($"SIGTERM among slow clients: ended after {taken.TotalMilliseconds:0} ms");
            taken.ShouldBeLessThan(TimeSpan.FromSeconds(10));
            await posting;
        }

        await using var again = await ServerProcess.StartAsync(folder.Path);
        await load.ShouldBeKeptAsync(again);
    }

    private static string Head =>
        "POST /v1/experiences/events HTTP/1.1\r\nHost: vitrine\r\nContent-Type: application/json\r\nMOE-APPKEY: " + ServerSetup.Workspace + "\r\n"
        + "Authorization: Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ServerSetup.Workspace}:{ServerSetup.Key}")) + "\r\n";

    /// <summary>Connections that say little.</summary>
    private sealed class SlowClients(Uri server) : IDisposable
    {
        private readonly List<TcpClient> _clients = [];
        private readonly List<NetworkStream> _talking = [];

        /// <summary>Opens connections that begin with a text and do not go on.</summary>
        public async Task OpenAsync(int count, string beginning)
        {
            for (var index = 0; index < count; index++)
            {
                var client = new TcpClient();
                _clients.Add(client);
                await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
                if (beginning.Length > 0)
                {
                    _talking.Add(client.GetStream());
                    await _talking[^1].WriteAsync(Encoding.ASCII.GetBytes(beginning), TestContext.Current.CancellationToken);
                }
            }
        }

        /// <summary>One more byte from each that has begun to say something; who was cut off is cut off.</summary>
        public async Task TrickleAsync()
        {
            foreach (var stream in _talking)
            {
                try
                {
                    await stream.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
                }
                catch (IOException)
                {
                }
            }
        }

        public void Dispose() => _clients.ForEach(static client => client.Dispose());
    }
}
