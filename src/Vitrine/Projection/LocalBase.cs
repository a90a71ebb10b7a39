namespace Vitrine.Projection;

/// <summary>The base of a server that runs alone: a file beside the projection.</summary>
/// <param name="paths">Where it lies.</param>
internal sealed class LocalBase(ProjectionPaths paths) : IBaseStore
{
    /// <inheritdoc/>
    public string Place => paths.Base;

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public bool IsOurs => true;

    /// <inheritdoc/>
    public Task<long> FindReachAsync(CancellationToken cancellation) =>
        Task.FromResult(File.Exists(paths.Base) ? ProjectionFile.PositionOf(paths.Base) : 0);

    /// <inheritdoc/>
    public Task<bool> IsDueAsync(long position, CancellationToken cancellation) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<bool> StartAsync(CancellationToken cancellation) => Task.FromResult(paths.StartFromBase());

    /// <inheritdoc/>
    public Task KeepAsync(long position, bool replacesAll, CancellationToken cancellation)
    {
        ProjectionCopy.Place(paths.Base);
        return Task.CompletedTask;
    }
}
