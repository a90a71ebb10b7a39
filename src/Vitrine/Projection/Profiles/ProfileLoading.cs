using DuckDB.NET.Data;

namespace Vitrine.Projection.Profiles;

/// <summary>Loads the profiles from the projection's table, beside the projector, while the server already takes events.</summary>
/// <remarks>
/// A store is loaded from its own file only: within the projection's gate the file cannot change. What goes wrong is tried
/// again a second later, on top of what was loaded before, which is as good as it was; see <see cref="ProfileStore"/>.
/// </remarks>
public sealed partial class ProfileLoading(
    CustomerProfiles profiles, ProjectionReader reader, TimeProvider time, ILogger<ProfileLoading> logger) : BackgroundService
{
    /// <summary>Customers at once: joining them to their profiles takes some hundred MiB of DuckDB's memory.</summary>
    private const int CustomersAtOnce = 1_000_000;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var store = await profiles.NextToLoadAsync(stoppingToken);
            var pause = Moment;
            try
            {
                if (await reader.MaintainAsync(connection => reader.Generation == store.Generation && Load(connection, store), stoppingToken))
                {
                    profiles.Loaded(store);
                    continue;
                }
            }
            catch (ProjectionUnavailableException)
            {
                // The file is about to be opened, or opened anew.
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LoadingFailed(fault);
                pause = Pause;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    /// <summary>Loads what the connection's transaction sees. False when the store is no longer wanted.</summary>
    internal static bool Load(DuckDBConnection connection, ProfileStore store)
    {
        var last = Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT coalesce(max(customer), 0) FROM profiles"), null);
        for (long first = 0; first <= last; first += CustomersAtOnce)
        {
            using var rows = new ChunkReader(
                connection,
                $"""
                SELECT p.customer, p.updated_at, p.attributes, c.customer_id, e.id
                FROM profiles p JOIN customers c USING (customer) JOIN environments e USING (environment)
                WHERE p.customer >= {first} AND p.customer < {first + CustomersAtOnce} AND c.customer >= {first} AND c.customer < {first + CustomersAtOnce}
                """);
            while (rows.Read())
            {
                if (!store.Load(rows))
                {
                    return false;
                }
            }
        }

        return true;
    }

    [LoggerMessage(LogLevel.Error, "The profiles could not be loaded into memory; it is tried again in a second")]
    private partial void LoadingFailed(Exception fault);
}
