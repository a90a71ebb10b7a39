using System.Net.Sockets;

namespace Vitrine.EndToEnd.Support;

/// <summary>Says a lost connection in one way.</summary>
/// <remarks>
/// <see cref="HttpClient"/> promises <see cref="HttpRequestException"/>, but asks a new connection for its peer's
/// address outside that promise: a server killed between accepting and that question shows as a bare
/// <see cref="SocketException"/>.
/// </remarks>
internal sealed class LostConnections() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException fault)
        {
            throw new HttpRequestException("The connection was lost.", fault);
        }
    }
}
