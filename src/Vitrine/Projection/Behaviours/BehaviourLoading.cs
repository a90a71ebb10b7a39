using DuckDB.NET.Data;

namespace Vitrine.Projection.Behaviours;

/// <summary>Counts what customers did before a question was asked, beside the projector.</summary>
/// <remarks>What cannot be read or taken is tried again: while a batch is being made after 20 ms, after a fault a second later.</remarks>
public sealed partial class BehaviourLoading(
    BehaviourWatches watches, ProjectionReader reader, TimeProvider time, ILogger<BehaviourLoading> logger) : BackgroundService
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Offsets of zones are whole quarters of an hour since long before 2010, the earliest time that an event may have: a quarter lies within one day.</summary>
    private const string History = """
        SELECT c.customer_id, e.event_time // 900, count(*)
        FROM events e
        JOIN contexts x ON x.context = e.context
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = $environment AND e.action = $action AND ($name IS NULL OR x.experience_id = $name)
        GROUP BY ALL
        """;

    private const string GoalHistory = """
        SELECT c.customer_id, e.event_time // 900, count(*)
        FROM goal_events e
        JOIN event_names x ON x.event_name = e.event_name
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = $environment AND x.name = $name
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
                    var (history, generation, position) = await reader.MaintainAsync(connection => Read(connection, watch.Question), stoppingToken);
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

    private (List<(byte[] CustomerId, long Quarter, long Count)> History, long Generation, long Position) Read(
        DuckDBConnection connection, BehaviourQuestion question)
    {
        var generation = reader.Generation;
        var position = ProjectionFile.Position(connection);
        using var command = connection.CreateCommand();
        command.CommandText = question.Action is null ? GoalHistory : History;
        command.Parameters.Add(new DuckDBParameter("environment", question.EnvironmentId));
        command.Parameters.Add(new DuckDBParameter("name", (object?)question.Name ?? DBNull.Value));
        if (question.Action is { } action)
        {
            command.Parameters.Add(new DuckDBParameter("action", (byte)action));
        }

        using var rows = command.ExecuteReader();
        var history = new List<(byte[] CustomerId, long Quarter, long Count)>();
        while (rows.Read())
        {
            history.Add((System.Text.Encoding.UTF8.GetBytes(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return (history, generation, position);
    }

    [LoggerMessage(LogLevel.Error, "What customers did could not be counted; it is tried again in a second")]
    private partial void LoadingFailed(Exception fault);
}
