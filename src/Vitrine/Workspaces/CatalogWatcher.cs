namespace Vitrine.Workspaces;

/// <summary>
/// Takes over what the command line changes while the server runs: a rotated key stops working within a quarter of a
/// second.
/// </summary>
public sealed partial class CatalogWatcher(ICatalog catalog, TimeProvider time, ILogger<CatalogWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (catalog.Refresh())
                {
                    Refreshed(catalog.Current.Workspaces.Count);
                }
            }
            catch (Microsoft.Data.Sqlite.SqliteException fault)
            {
                RefreshFailed(fault.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The catalog was changed by another process; it has {Workspaces} workspaces now")]
    private partial void Refreshed(int workspaces);

    [LoggerMessage(LogLevel.Warning, "The catalog cannot be read for changes of other processes: {Reason}")]
    private partial void RefreshFailed(string reason);
}
