using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary>
/// Looks customers up in the projection. Waits a moment for what was acknowledged before the question, so that whoever
/// has just set an attribute finds it.
/// </summary>
internal sealed class CustomerSource(IJournal journal, Projector projector, ProjectionReader reader)
{
    private const string FindCustomer =
        """
        SELECT c.customer, p.attributes, p.updated_at
        FROM customers c JOIN environments e USING (environment) LEFT JOIN profiles p USING (customer)
        WHERE e.id = $environment AND c.customer_id = $customer
        """;

    private const string CountEvents =
        """
        SELECT count(*) FILTER (action = 0), count(*) FILTER (action = 1), count(*) FILTER (action = 2), min(event_time), max(event_time)
        FROM (
          SELECT action, event_time FROM events WHERE customer = $customer
          UNION ALL
          SELECT 2, event_time FROM goal_events WHERE customer = $customer)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is known of a customer; null when there is neither a profile nor an event.</summary>
    public async Task<CustomerAnswer?> ReadAsync(WorkspaceEnvironment environment, string customerId, CancellationToken cancellation)
    {
        await projector.WaitForAsync(await journal.FindHeadAsync(cancellation), Patience, cancellation);
        return await reader.ReadAsync(
            environment.Workspace.Id,
            connection => Read(connection, environment.Id, environment.Workspace.StoredId(customerId)),
            cancellation);
    }

    /// <summary>What a connection sees of a customer; null when there is neither a profile nor an event.</summary>
    public static CustomerAnswer? Read(DuckDBConnection connection, string environmentId, string customerId) =>
        Find(connection, environmentId, customerId) is { } found ? Read(connection, customerId, found) : null;

    /// <summary>Whether a customer has a profile, or may have been given one that is not projected yet.</summary>
    public async Task<bool> MayHaveProfileAsync(WorkspaceEnvironment environment, string customerId, CancellationToken cancellation) =>
        !await projector.WaitForAsync(await journal.FindHeadAsync(cancellation), Patience, cancellation)
        || await reader.ReadAsync(
            environment.Workspace.Id, connection => Find(connection, environment.Id, environment.Workspace.StoredId(customerId))?.Attributes is not null, cancellation);

    private static Row? Find(DuckDBConnection connection, string environmentId, string customerId)
    {
        using var command = Command(connection, FindCustomer, ("environment", environmentId), ("customer", customerId));
        using var row = command.ExecuteReader();
        return !row.Read() ? null
            : row.IsDBNull(1) ? new Row(row.GetInt32(0), null, 0)
            : new Row(row.GetInt32(0), row.GetString(1), row.GetInt64(2));
    }

    private static CustomerAnswer? Read(DuckDBConnection connection, string customerId, Row found)
    {
        using var command = Command(connection, CountEvents, ("customer", found.Customer));
        using var row = command.ExecuteReader();
        row.Read();
        var (impressions, clicks, goals) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        return found.Attributes is null && impressions + clicks + goals == 0 ? null : new CustomerAnswer(
            customerId,
            found.Attributes is null ? null : JsonNode.Parse(found.Attributes)!.AsObject(),
            found.Attributes is null ? null : Timestamps.FromMilliseconds(found.UpdatedAt),
            impressions,
            clicks,
            goals,
            row.IsDBNull(3) ? null : Timestamps.FromMilliseconds(row.GetInt64(3) * 1000),
            row.IsDBNull(4) ? null : Timestamps.FromMilliseconds(row.GetInt64(4) * 1000),
            AsOf.Read(connection));
    }

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new DuckDBParameter(name, value));
        }

        return command;
    }

    private sealed record Row(int Customer, string? Attributes, long UpdatedAt);
}
