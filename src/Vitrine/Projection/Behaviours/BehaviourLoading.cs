using DuckDB.NET.Data;

namespace Vitrine.Projection.Behaviours;

/// <summary>Counts what customers did before a question was asked, beside the projector.</summary>
/// <remarks>What cannot be read or taken is tried again: while a batch is being made after 20 ms, after a fault a second later.</remarks>
public sealed partial class BehaviourLoading(
    BehaviourWatches watches, ProjectionReader reader, Leadership leadership, TimeProvider time, ILogger<BehaviourLoading> logger) : BackgroundService
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (leadership.Projects) // Otherwise there is nothing to count.
        {
            var pause = TimeSpan.Zero;
            foreach (var watch in await watches.NextToLoadAsync(stoppingToken))
            {
                try
                {
                    var (history, generation, position) = await reader.MaintainAsync((connection, stop) => Read(connection, watch, stop), stoppingToken);
                    pause = watches.TryTake(watch, history, generation, position) ? pause : Moment;
                }
                catch (ProjectionUnavailableException)
                {
                    pause = Moment; // The file is about to be opened, or opened anew.
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    LoadingFailed(fault);
                    pause = Pause;
                }
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    /// <summary>Row by row into the counts, so that no more of the history is in memory than these take.</summary>
    private (BehaviourHistory History, long Generation, long Position) Read(DuckDBConnection connection, BehaviourWatch watch, CancellationToken stop)
    {
        var generation = reader.Generation;
        var position = ProjectionFile.Position(connection);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var history = watch.NewHistory(now);
        BehaviourSql.Read(
            connection, watch, (now / 1000) - BehaviourSql.OldestSeconds, "true", (customer, time, count) => history.Add(customer, watch.DayOf(time), count), stop);
        return (history, generation, position);
    }

    [LoggerMessage(LogLevel.Error, "What customers did could not be counted; it is tried again in a second")]
    private partial void LoadingFailed(Exception fault);
}
