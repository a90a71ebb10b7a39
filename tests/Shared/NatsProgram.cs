using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vitrine.Tests.Shared;

/// <summary>The nats-server of this machine, and ports for it. Compiled into each project whose tests start one.</summary>
internal static class NatsProgram
{
    private static readonly string[] Places = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];

    /// <summary>Where it is, or the one that <c>VITRINE_NATS_SERVER</c> names; null where there is none.</summary>
    public static string? Find() => Environment.GetEnvironmentVariable("VITRINE_NATS_SERVER") ?? Array.Find(Places, File.Exists);

    /// <summary>Where it is; the test skips where there is none.</summary>
    public static string FindOrSkip()
    {
        var executable = Find();
        Assert.SkipWhen(executable is null, "There is no nats-server here.");
        return executable;
    }

    /// <summary>Ports that nobody has, below those that the system deals out: so nobody takes one while its broker is away.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = new List<TcpListener>();
        while (listeners.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 32_000));
            try
            {
                listener.Start();
                listeners.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose(); // Somebody has it.
            }
        }

        var ports = listeners.Select(static one => ((IPEndPoint)one.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static one => one.Dispose());
        return ports;
    }
}
