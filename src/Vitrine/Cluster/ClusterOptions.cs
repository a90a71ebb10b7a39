using System.Text.RegularExpressions;
using Vitrine.Cluster.Snapshots;

namespace Vitrine.Cluster;

/// <summary>What a node of a cluster does. Any of them can be combined; a node without a role passes those requests on.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing but passing on.</summary>
    None = 0,

    /// <summary>Takes events, goal events and attributes.</summary>
    Ingest = 1,

    /// <summary>Answers which experience a customer gets.</summary>
    Decide = 2,

    /// <summary>May hold the projection, which one node at a time does.</summary>
    Project = 4,

    /// <summary>Shows the dashboard.</summary>
    Dashboard = 8,

    /// <summary>Everything.</summary>
    All = Ingest | Decide | Project | Dashboard,
}

/// <summary>How a node joins a cluster. Immutable; checked at start.</summary>
public sealed partial record ClusterOptions
{
    /// <summary>Servers of NATS to begin with, such as <c>nats://a:4222,nats://b:4222</c>; <c>tls://</c> for TLS. Null, the default: no cluster, everything lies in the data folder.</summary>
    public string? Servers { get; init; }

    /// <summary>Whether the server is a node of a cluster.</summary>
    public bool IsUsed => Servers is not null;

    /// <summary>Where those servers are, without how to sign in.</summary>
    public string Addresses => string.Join(", ", (Servers ?? "").Split(',').Select(static server => new Uri(server).Authority));

    /// <summary>The name with which all that the cluster keeps in NATS begins, so that several can share an account. 1–32 letters, digits, <c>_</c> or <c>-</c>; default <c>vitrine</c>.</summary>
    public string Name { get; init; } = "vitrine";

    /// <summary>On how many servers of NATS everything lies: 1, 3 or 5. Default 3. It is settled by the first node.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>What this node does. Default: everything.</summary>
    public Roles Roles { get; init; } = Roles.All;

    /// <summary>The address at which the other nodes reach this one, such as <c>http://10.0.0.7:8080</c>. Default: the first that it listens on.</summary>
    public Uri? Advertise { get; init; }

    /// <summary>The user; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A token instead of a user.</summary>
    public string? Token { get; init; }

    /// <summary>A file of credentials (<c>.creds</c>), which also say the account, instead of either.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>A PEM file of the authorities that are trusted. Default: those of the machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>A PEM file of the certificate by which the node shows who it is.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file of that certificate's private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The domain of JetStream. Default: that of the servers.</summary>
    public string? Domain { get; init; }

    /// <summary>
    /// Where snapshots of the projection are kept: an absolute path of a folder that all nodes see, or
    /// <c>s3://bucket/prefix?region=…&amp;endpoint=…</c>. Null, the default: an object store of JetStream.
    /// </summary>
    public string? Snapshots { get; init; }

    /// <summary>How far apart snapshots are, while something comes. At least 1 min; default 1 day.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (!IsUsed)
        {
            yield break;
        }

        foreach (var server in Servers!.Split(','))
        {
            if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.Host.Length == 0)
            {
                yield return $"'{server}' is no server of NATS; one looks like nats://10.0.0.1:4222, several are separated by commas.";
            }
        }

        if (!NamePattern().IsMatch(Name))
        {
            yield return $"The name of a cluster is 1–32 letters, digits, '_' or '-'; '{Name}' is not.";
        }

        if (Replicas is not (1 or 3 or 5))
        {
            yield return $"A cluster keeps 1, 3 or 5 replicas, not {Replicas}: an even number outlives no more than the one below it.";
        }

        if (new[] { User, Token, CredentialsFile }.Count(static one => one is not null) > 1)
        {
            yield return "A node signs in at NATS by a user, a token or a file of credentials: one of them.";
        }

        if (CertificateFile is null != KeyFile is null)
        {
            yield return "A certificate for NATS needs its private key, and the other way round.";
        }

        foreach (var file in new[] { CredentialsFile, AuthorityFile, CertificateFile, KeyFile }.OfType<string>().Where(static file => !File.Exists(file)))
        {
            yield return $"There is no file {file}.";
        }

        if (SnapshotPlace.WhyNot(Snapshots) is { } place)
        {
            yield return place;
        }

        if (SnapshotInterval < TimeSpan.FromMinutes(1))
        {
            yield return $"Snapshots are at least a minute apart; {SnapshotInterval} is configured.";
        }

        if (Advertise is { Scheme: not ("http" or "https") })
        {
            yield return $"'{Advertise}' is no address at which other nodes can reach this one; one looks like http://10.0.0.7:8080.";
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,32}\z")]
    private static partial Regex NamePattern();
}
