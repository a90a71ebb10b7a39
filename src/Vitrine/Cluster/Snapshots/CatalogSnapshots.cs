using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Cluster.Snapshots;

/// <summary>Keeps the stream of the catalog's changes short: the leader takes a snapshot of the catalog after many of them.</summary>
internal sealed partial class CatalogSnapshots(ICatalog catalog, Leadership leadership, TimeProvider time, ILogger<CatalogSnapshots> logger) : BackgroundService
{
    private const ulong ChangesBetween = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (leadership.IsLeader)
                {
                    await ((ClusterCatalog)catalog).TakeSnapshotAsync(ChangesBetween, stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(ClusterConnection.Describe(fault));
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A snapshot of the catalog could not be taken ({Reason}); it is tried again in a minute")]
    private partial void Failed(string reason);
}
