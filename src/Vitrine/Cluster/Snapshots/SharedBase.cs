using Vitrine.Projection;

namespace Vitrine.Cluster.Snapshots;

/// <summary>The base of a cluster's projections: the last snapshot that its leader took.</summary>
/// <remarks>
/// A node without a projection, or whose projection lacks what the journal no longer has, starts from it instead of from the
/// journal's beginning. It is taken when trimming needs it, and each <see cref="ClusterOptions.SnapshotInterval"/> in which
/// something came. The one before it is kept until the next, so that a node which is just reading it can finish.
/// </remarks>
/// <param name="snapshots">Where they are.</param>
/// <param name="paths">Where this node's projection lies.</param>
/// <param name="leadership">Who takes them.</param>
/// <param name="interval">How far apart they are at most.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Say when the last one was taken.</param>
/// <param name="logger">Told of each.</param>
internal sealed partial class SharedBase(SnapshotSeries snapshots, ProjectionPaths paths, Leadership leadership, TimeSpan interval, TimeProvider time, ProjectionMetrics metrics, ILogger<SharedBase> logger) : IBaseStore
{
    private const int Kept = 2;

    /// <inheritdoc/>
    public string Place => snapshots.Place;

    /// <summary>With which the names of a cluster's snapshots begin, which may be in one place with others'.</summary>
    public static string PrefixOf(ClusterConnection cluster) => $"{cluster.Identity}/projection/";

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public bool IsOurs => leadership.IsLeader;

    /// <inheritdoc/>
    public async Task<long> FindReachAsync(CancellationToken cancellation) => (await FindAsync(cancellation))?.Position ?? 0;

    /// <inheritdoc/>
    public async Task<bool> IsDueAsync(long position, CancellationToken cancellation) =>
        position > 0 && (await FindAsync(cancellation) is not { } last || (last.Position < position && time.GetUtcNow() - last.TakenAt >= interval));

    /// <inheritdoc/>
    public async Task<bool> StartAsync(CancellationToken cancellation)
    {
        if (File.Exists(paths.File) || await FindAsync(cancellation) is not { } snapshot)
        {
            return false;
        }

        Starting(snapshot.Position, snapshot.TakenAt, snapshots.Place);
        await snapshots.FetchAsync(snapshot, paths.Copying, cancellation);
        paths.StartFromCopy();
        return true;
    }

    /// <inheritdoc/>
    public async Task KeepAsync(long position, bool replacesAll, CancellationToken cancellation)
    {
        var file = ProjectionCopy.Written(paths.Base);
        try
        {
            var snapshot = await snapshots.TakeAsync(file, ProjectionFile.Layout, position, time.GetUtcNow(), cancellation);
            await snapshots.KeepLastAsync(replacesAll ? 1 : Kept, cancellation);
            metrics.SnapshotIsThere(snapshot.TakenAt);
            Taken(position, new FileInfo(file).Length, snapshot.Parts.Count, snapshots.Place);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<Snapshot?> FindAsync(CancellationToken cancellation)
    {
        var found = await snapshots.FindLatestAsync(static layout => layout == ProjectionFile.Layout, cancellation);
        if (found is not null)
        {
            metrics.SnapshotIsThere(found.TakenAt);
        }

        return found;
    }

    [LoggerMessage(LogLevel.Information, "The projection starts from the snapshot of position {Position}, taken {TakenAt:O}, in {Place}")]
    private partial void Starting(long position, DateTimeOffset takenAt, string place);

    [LoggerMessage(LogLevel.Information, "A snapshot of the projection at position {Position} was taken: {Bytes} bytes in {Parts} parts, in {Place}")]
    private partial void Taken(long position, long bytes, int parts, string place);
}
