using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Projection.Behaviours;

/// <summary>Counts what customers did before a question was asked, beside the projector.</summary>
/// <remarks>What cannot be read or taken is tried again: while a batch is being made after 20 ms, after a fault a second later.</remarks>
public sealed partial class BehaviourLoading(
    BehaviourWatches watches, ProjectionReader reader, TimeProvider time, ILogger<BehaviourLoading> logger) : BackgroundService
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Behind this no window reaches in any zone.</summary>
    private const long OldestSeconds = (BehaviourWatch.LongestWindow + 2) * 86_400L;

    /// <summary>
    /// Offsets of zones are whole quarters of an hour since long before 2010, the earliest time that an event may have: a
    /// quarter lies within one day. What no window reaches is one row for each customer.
    /// </summary>
    private const string History = """
        SELECT c.customer_id, greatest(e.event_time // 900, {oldest}), count(*)
        FROM events e
        JOIN contexts x ON x.context = e.context
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = {environment} AND e.action = {action} AND ({name} IS NULL OR x.experience_id = {name})
        GROUP BY ALL
        """;

    private const string GoalHistory = """
        SELECT c.customer_id, greatest(e.event_time // 900, {oldest}), count(*)
        FROM goal_events e
        JOIN event_names x ON x.event_name = e.event_name
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = {environment} AND x.name = {name}
        GROUP BY ALL
        """;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
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
        using var rows = new ChunkReader(connection, Sql(watch.Question, (now / 1000) - OldestSeconds));
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            var customers = rows.TextColumn(0);
            var quarters = rows.Column<long>(1);
            var counts = rows.Column<long>(2);
            for (var row = 0; row < rows.Rows; row++)
            {
                history.Add(watch.KeyOf(customers[row]), watch.DayOf(quarters[row] * 900), (int)counts[row]);
            }
        }

        return (history, generation, position);
    }

    private static string Sql(BehaviourQuestion question, long oldest) => (question.Action is null ? GoalHistory : History)
        .Replace("{oldest}", (oldest / 900).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{action}", ((int)(question.Action ?? 0)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{environment}", Literal(question.EnvironmentId), StringComparison.Ordinal)
        .Replace("{name}", Literal(question.Name), StringComparison.Ordinal);

    /// <summary>What is read by chunks takes no parameters.</summary>
    private static string Literal(string? text) => text is null ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [LoggerMessage(LogLevel.Error, "What customers did could not be counted; it is tried again in a second")]
    private partial void LoadingFailed(Exception fault);
}
