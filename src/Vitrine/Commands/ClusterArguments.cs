using System.CommandLine;
using Vitrine.Cluster;

namespace Vitrine.Commands;

/// <summary>What the command line, and the environment where it holds secrets, say of a cluster.</summary>
internal sealed class ClusterArguments
{
    private const string PasswordVariable = "VITRINE_CLUSTER_PASSWORD";
    private const string TokenVariable = "VITRINE_CLUSTER_TOKEN";

    private readonly Option<string?> _servers = new("--cluster")
    {
        Description = "The cluster: servers of NATS with JetStream, such as nats://a:4222,nats://b:4222,nats://c:4222; see docs/cluster.md",
    };

    private readonly Option<string> _name = new("--cluster-name") { Description = "The name with which all that the cluster keeps in NATS begins", DefaultValueFactory = static _ => new ClusterOptions().Name };
    private readonly Option<int> _replicas = new("--cluster-replicas") { Description = "On how many servers of NATS everything lies: 1, 3 or 5; the first node settles it", DefaultValueFactory = static _ => new ClusterOptions().Replicas };
    private readonly Option<string> _roles = new("--roles") { Description = "What this node does, separated by commas: ingest, decide, project, dashboard", DefaultValueFactory = static _ => "all" };
    private readonly Option<string?> _advertise = new("--advertise") { Description = "The address at which other nodes reach this one (default: the first of --urls)" };
    private readonly Option<string?> _user = new("--cluster-user") { Description = $"The user at NATS, whose password is in {PasswordVariable}; a token goes into {TokenVariable}" };
    private readonly Option<string?> _credentials = new("--cluster-credentials") { Description = "A file of credentials (.creds) for NATS instead" };
    private readonly Option<string?> _authority = new("--cluster-ca") { Description = "A PEM file of the authorities that are trusted for tls:// (default: the machine's)" };
    private readonly Option<string?> _certificate = new("--cluster-certificate") { Description = "A PEM file of the certificate by which the node shows NATS who it is" };
    private readonly Option<string?> _key = new("--cluster-key") { Description = "A PEM file of its private key" };
    private readonly Option<string?> _domain = new("--cluster-domain") { Description = "The domain of JetStream (default: that of the servers)" };

    private readonly Option<string?> _snapshots = new("--cluster-snapshots") { Description = "Where snapshots are kept: a folder that all nodes see, or s3://bucket/prefix?region=… (default: JetStream)" };
    private readonly Option<string> _interval = new("--cluster-snapshot-interval") { Description = "How far apart snapshots are", DefaultValueFactory = static _ => "1d" };

    /// <summary>Lets a command that starts a node take them.</summary>
    public void AddTo(Command command)
    {
        AddConnectionTo(command);
        command.Options.Add(_roles);
        command.Options.Add(_advertise);
        AddSnapshotsTo(command);
        command.Options.Add(_interval);
    }

    /// <summary>Lets a command take where snapshots are.</summary>
    public void AddSnapshotsTo(Command command) => command.Options.Add(_snapshots);

    /// <summary>Lets a command take those that say which cluster, and how to speak to it.</summary>
    public void AddConnectionTo(Command command)
    {
        foreach (var option in new Option[] { _servers, _name, _replicas, _user, _credentials, _authority, _certificate, _key, _domain })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    /// <exception cref="CommandException">A role is unknown, or an address is none.</exception>
    public ClusterOptions Read(ParseResult parsed) => new()
    {
        Servers = parsed.GetValue(_servers),
        Name = parsed.GetValue(_name)!,
        Replicas = parsed.GetValue(_replicas),
        Roles = ReadRoles(parsed.GetValue(_roles) ?? "all"),
        Advertise = parsed.GetValue(_advertise) is { } address ? ReadAddress(address) : null,
        User = parsed.GetValue(_user),
        Password = CommonOptions.Variable(PasswordVariable),
        Token = CommonOptions.Variable(TokenVariable),
        CredentialsFile = parsed.GetValue(_credentials),
        AuthorityFile = parsed.GetValue(_authority),
        CertificateFile = parsed.GetValue(_certificate),
        KeyFile = parsed.GetValue(_key),
        Domain = parsed.GetValue(_domain),
        Snapshots = parsed.GetValue(_snapshots),
        SnapshotInterval = parsed.GetValue(_interval) is { } interval ? Quantity.Duration(interval) : new ClusterOptions().SnapshotInterval,
    };

    private static Uri ReadAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        ? address
        : throw new CommandException($"'{text}' is no address at which other nodes can reach this one; one looks like http://10.0.0.7:8080");

    private static Roles ReadRoles(string text)
    {
        var roles = Roles.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            roles |= Enum.TryParse<Roles>(name, ignoreCase: true, out var role) && Enum.IsDefined(role) && !char.IsAsciiDigit(name[0])
                ? role
                : throw new CommandException($"'{name}' is no role; those of a node are ingest, decide, project and dashboard");
        }

        return roles;
    }
}
