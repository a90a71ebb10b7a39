namespace Vitrine.Projection;

/// <summary>
/// Where the projection's base is kept: a copy of the projection at one position, from which one that is built anew
/// starts, and up to which the journal may be trimmed.
/// </summary>
public interface IBaseStore
{
    /// <summary>Where it is, for an operator.</summary>
    string Place { get; }

    /// <summary>Whether it is others' too, so that it may have come further than this process has seen the journal reach.</summary>
    bool IsShared { get; }

    /// <summary>Whether this process writes it: alone always, of a cluster's nodes the one that leads.</summary>
    bool IsOurs { get; }

    /// <summary>How far the base reaches; 0 when there is none.</summary>
    /// <exception cref="IOException">That cannot be told now.</exception>
    Task<long> FindReachAsync(CancellationToken cancellation);

    /// <summary>Whether a new base is wanted though no trimming needs it, where the projection has come to a position.</summary>
    /// <exception cref="IOException">That cannot be told now.</exception>
    Task<bool> IsDueAsync(long position, CancellationToken cancellation);

    /// <summary>Puts the base where the projection belongs, if there is a base and no projection. False: there is none.</summary>
    /// <exception cref="IOException">That cannot be done now; nothing has changed.</exception>
    Task<bool> StartAsync(CancellationToken cancellation);

    /// <summary>Makes the copy that was written beside <see cref="ProjectionPaths.Base"/> (<see cref="ProjectionCopy.Write(DuckDB.NET.Data.DuckDBConnection, string, string)"/>) the base, durably.</summary>
    /// <param name="position">The position that it has.</param>
    /// <param name="replacesAll">Whether nothing may be left of earlier ones: what they hold was erased.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">It could not be; the base is the one that it was.</exception>
    Task KeepAsync(long position, bool replacesAll, CancellationToken cancellation);
}
