namespace Vitrine.Cluster;

/// <summary>What a node tells the others of itself.</summary>
/// <param name="Id">Of the process.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="Roles">What it does.</param>
internal sealed record NodeEntry(string Id, Uri Address, Roles Roles);
