using System.Diagnostics;
using System.Net;
using Vitrine.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Vitrine.Cluster;

/// <summary>Passes requests on that this node's roles do not cover: all that is read from the projection goes to a node that has it.</summary>
/// <remarks>A request is passed on once. Pages go to one node for all, on which their sessions and connections are. Where no node can answer it is 503, and the client comes again.</remarks>
internal sealed class PassingOn(Membership membership, ClusterOptions options, IHttpForwarder forwarder) : IDisposable
{
    /// <summary>Which role the answers below a path need; the first path that fits counts.</summary>
    private static readonly (string Path, Roles Role)[] Needed =
    [
        ("/v1/experiences/events", Roles.Ingest),
        ("/v1/event", Roles.Ingest),
        ("/v1/customer", Roles.Ingest),
        ("/v1/experiences/fetch", Roles.Decide),
        ("/v1/experiences/metadata", Roles.Decide),
        ("/v1", Roles.Project),
        ("/api", Roles.Project),
        ("/core-services", Roles.Project),
        ("/healthz", Roles.None),
        ("/metrics", Roles.None),
        ("/openapi.json", Roles.None),
        ("/docs", Roles.None),
        ("/sdk", Roles.None),
        ("", Roles.Dashboard),
    ];

    private static readonly PassedOnRequest AsItCame = new();
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    });

    /// <summary>Answers, passes on, or refuses.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var role = RoleFor(request);
        var isPassedOn = request.Headers.ContainsKey(PassedOnRequest.Mark);
        var elsewhere = role == Roles.Dashboard && !isPassedOn ? membership.Dashboard : null;
        if (elsewhere is null && options.Roles.HasFlag(role))
        {
            await next(context);
            return;
        }

        if ((elsewhere ?? membership.AnyWith(role)) is not { } node || isPassedOn)
        {
            await Errors.AnswerUnavailableAsync(context);
            return;
        }

        if (await forwarder.SendAsync(context, node.Address.AbsoluteUri, _client, Patience, AsItCame) != ForwarderError.None && !context.Response.HasStarted)
        {
            await Errors.AnswerUnavailableAsync(context); // The node is gone, and another one soon in its place.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Roles RoleFor(HttpRequest request)
    {
        var role = Array.Find(Needed, one => request.Path.StartsWithSegments(one.Path, StringComparison.Ordinal)).Role;
        return role == Roles.Ingest && request.Headers.TryGetValue("Prefer", out var wishes) && Preferences.Of(wishes).Representation
            ? Roles.Project // What became of each event only the projection knows.
            : role;
    }
}
