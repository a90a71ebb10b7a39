using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Cluster;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary>Which catalog a command is about: that of a data folder, or a cluster's. It may run beside servers, which take a change over at once.</summary>
internal sealed class CatalogArguments
{
    private readonly Option<string> _data = CommonOptions.Data();
    private readonly ClusterArguments _cluster = new();

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        _cluster.AddConnectionTo(command);
    }

    /// <summary>Where the catalog is, in two words and a name.</summary>
    public string Describe(ParseResult parsed) => Cluster(parsed) is { IsUsed: true } cluster
        ? $"Cluster        {cluster.Name}"
        : $"Data folder    {Path.GetFullPath(parsed.GetValue(_data)!)}";

    /// <summary>Opens it.</summary>
    /// <param name="parsed">What was said.</param>
    /// <param name="mayMake">Whether a data folder that is not there is made.</param>
    public Catalog Open(ParseResult parsed, bool mayMake = false)
    {
        if (Cluster(parsed) is { IsUsed: true } cluster)
        {
            return ClusterCatalog.Visit(cluster, Path.Combine(Path.GetTempPath(), $"vitrine-catalog-{Guid.NewGuid():N}.db"), NullLogger<ClusterCatalog>.Instance);
        }

        var folder = Path.GetFullPath(parsed.GetValue(_data)!);
        if (mayMake)
        {
            DataDirectory.Create(folder);
        }

        using var directory = DataDirectory.Visit(folder);
        directory.RefuseMoved();
        return new SqliteCatalog(directory.Catalog, TimeProvider.System);
    }

    /// <summary>Does something with a workspace: the one given, the environment's, or the only one.</summary>
    /// <exception cref="CommandException">There are several and none is named, or what is named is no workspace.</exception>
    public void InWorkspace(ParseResult parsed, string? given, Action<ICatalog, string> run)
    {
        using var catalog = Open(parsed);
        run(catalog, WorkspaceId(catalog, given));
    }

    private ClusterOptions Cluster(ParseResult parsed)
    {
        var options = _cluster.Read(parsed);
        return options.Errors().FirstOrDefault() is { } error ? throw new CommandException(error) : options;
    }

    private static string WorkspaceId(Catalog catalog, string? given)
    {
        var id = given ?? CommonOptions.Variable(CommonOptions.WorkspaceVariable) ?? (catalog.Current.Workspaces is [var only]
            ? only.Id
            : throw new CommandException($"there are {catalog.Current.Workspaces.Count} workspaces; name one with --workspace"));
        if (id.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal))
        {
            throw new CommandException($"{id} is a test environment and has its workspace's keys; name the workspace: {id[..^WorkspaceEnvironment.TestSuffix.Length]}");
        }

        return catalog.Current.Find(id) is not null ? id : throw new CommandException($"there is no workspace {id}");
    }
}
