using System.Net;
using System.Net.Sockets;

namespace Vitrine.EndToEnd.Support;

/// <summary>A port that somebody listens on already.</summary>
internal sealed class OccupiedPort : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <summary>Takes any free port.</summary>
    public OccupiedPort() => _listener.Start();

    /// <summary>Its address.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
