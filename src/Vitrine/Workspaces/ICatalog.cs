using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>Workspaces and their keys: small, rarely changed, read on every request from a snapshot in memory.</summary>
public interface ICatalog : IDisposable
{
    /// <summary>The present state. Immutable: take it once and use it throughout a request.</summary>
    CatalogSnapshot Current { get; }

    /// <summary>Makes a workspace.</summary>
    /// <exception cref="CatalogException">The id is taken or cannot be one, or the key cannot be one.</exception>
    void CreateWorkspace(string id, string key, DateTimeZone timeZone);

    /// <summary>Gives a workspace a new key. The old ones stop working at once, or after <paramref name="overlap"/>.</summary>
    /// <exception cref="CatalogException">The workspace does not exist or the key cannot be one.</exception>
    void RotateKey(string workspaceId, string key, TimeSpan overlap);

    /// <summary>Takes over what another process has changed; true when there was anything.</summary>
    bool Refresh();
}

/// <summary>A change of the catalog was refused; the message says why and what would be right.</summary>
public sealed class CatalogException(string message) : Exception(message);
