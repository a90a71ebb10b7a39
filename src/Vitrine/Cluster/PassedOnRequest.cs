using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Vitrine.Cluster;

/// <summary>A request as another node gets it: as it came, with the address that it was asked by, and who asked.</summary>
internal sealed class PassedOnRequest : HttpTransformer
{
    /// <summary>What says that a request was passed on, and is not to be once more.</summary>
    public const string Mark = "Vitrine-Passed-On";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (httpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target)
        {
            proxyRequest.RequestUri = new Uri(destinationPrefix.TrimEnd('/') + target, AsWritten); // Of what was escaped in it, some is not to be unescaped once more.
        }

        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        proxyRequest.Headers.TryAddWithoutValidation(Mark, "1");
        if (httpContext.Connection.RemoteIpAddress is { } asking)
        {
            var before = httpContext.Request.Headers["X-Forwarded-For"].ToString();
            proxyRequest.Headers.Remove("X-Forwarded-For");
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", before.Length == 0 ? asking.ToString() : $"{before}, {asking}");
        }
    }
}
