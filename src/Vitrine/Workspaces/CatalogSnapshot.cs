using System.Collections.Frozen;

namespace Vitrine.Workspaces;

/// <summary>All workspaces at one moment, found by environment id without an allocation.</summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, WorkspaceEnvironment> _environments;
    private readonly FrozenSet<string> _origins;

    /// <summary>Builds the snapshot.</summary>
    public CatalogSnapshot(IReadOnlyList<Workspace> workspaces)
    {
        Workspaces = workspaces;
        _environments = workspaces
            .SelectMany(static workspace => new[] { new WorkspaceEnvironment(workspace, isTest: false), new WorkspaceEnvironment(workspace, isTest: true) })
            .ToFrozenDictionary(static environment => environment.Id, StringComparer.Ordinal);
        _origins = workspaces.SelectMany(static workspace => workspace.ClientKeys).SelectMany(static key => key.Origins).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The workspaces in the order of their making.</summary>
    public IReadOnlyList<Workspace> Workspaces { get; }

    /// <summary>The environment of an id such as <c>SHOP</c> or <c>SHOP_DEBUG</c>; null when there is none.</summary>
    public WorkspaceEnvironment? Find(string environmentId) => _environments.GetValueOrDefault(environmentId);

    /// <summary>Whether pages of an origin may use any client key.</summary>
    public bool Allows(string origin) => _origins.Contains(origin) || _origins.Contains(ClientKey.AnyOrigin);
}
