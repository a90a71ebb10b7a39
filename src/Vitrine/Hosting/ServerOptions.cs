using System.Net;
using Vitrine.Cluster;
using Vitrine.Experiences.Geography;
using Vitrine.Forwarding;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Reports;

namespace Vitrine.Hosting;

/// <summary>How a server runs. Immutable; checked at start, and a start with errors exits with one line for each.</summary>
public sealed record ServerOptions
{
    /// <summary>Addresses to listen on, separated by semicolons. Default <c>http://127.0.0.1:8080</c>.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>
    /// The address by which browsers reach the dashboard where a proxy stands before it, such as <c>https://vitrine.example.com</c>; with https its
    /// cookies are for TLS only. Default: none, and the address is the one that a request names.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The certificate for <c>https://</c> addresses.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>
    /// Proxies that are believed when they say, in <c>X-Forwarded-For</c>, from which address somebody asks: sign-in attempts are limited by address.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A service at which people sign in.</summary>
    public OpenIdOptions OpenId { get; init; } = new();

    /// <summary>The data folder. Default <c>./data</c>.</summary>
    public string Data { get; init; } = "data";

    /// <summary>The journal's limits.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>The projection's limits.</summary>
    public ProjectionOptions Projection { get; init; } = new();

    /// <summary>The reports' limits.</summary>
    public ReportsOptions Reports { get; init; } = new();

    /// <summary>How customers are erased.</summary>
    public PrivacyOptions Privacy { get; init; } = new();

    /// <summary>How the server joins a cluster. Default: it does not.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Where accepted events are forwarded to.</summary>
    public ForwardingOptions Forwarding { get; init; } = new();

    /// <summary>Where addresses of users are looked up.</summary>
    public GeographyOptions Geography { get; init; } = new();

    /// <summary>Seconds that requests at hand may take when the server is told to stop. Default 6, so that it has ended within 10.</summary>
    public int DrainSeconds { get; init; } = 6;

    /// <summary>Whether a shop with made-up customers is run, to look at. Default: no.</summary>
    public bool Demo { get; init; }

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var url in Urls.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                || uri.Scheme != Uri.UriSchemeHttp && (uri.Scheme != Uri.UriSchemeHttps || !Tls.IsUsed))
            {
                yield return uri?.Scheme == Uri.UriSchemeHttps
                    ? $"'{url}' asks for TLS, which needs a certificate: give --tls-certificate, or listen on http:// behind a proxy (docs/operations.md)."
                    : $"'{url}' is no address to listen on; one looks like http://127.0.0.1:8080.";
            }
        }

        if (PublicUrl is { } address && (address.Scheme is not ("http" or "https") || address.PathAndQuery != "/" || address.UserInfo.Length > 0))
        {
            yield return $"'{address}' cannot be the address of the dashboard: it is http:// or https:// and a host, without a path.";
        }

        if (Cluster.IsUsed && Cluster.Advertise is null && Urls.Split(';')[0] is var first && (first.Contains("//*") || first.Contains("//+") || first.Contains("//0.0.0.0") || first.Contains("//[::]")))
        {
            yield return $"A node that listens on '{first}' has to say where the others reach it: give --advertise, such as http://10.0.0.7:8080.";
        }

        if (Cluster.IsUsed && (Forwarding.Targets.Count > 0 || Demo))
        {
            yield return "A node of a cluster does not forward, nor run the demo shop: these are for a server that runs alone (docs/cluster.md).";
        }

        foreach (var error in OpenId.Errors().Concat(Tls.Errors()).Concat(Journal.Errors()).Concat(Projection.Errors()).Concat(Reports.Errors()).Concat(Privacy.Errors()).Concat(Cluster.Errors()))
        {
            yield return error;
        }
    }
}
