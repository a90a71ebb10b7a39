namespace Vitrine.Projection;

/// <summary>Says, once the projection has come that far, which events of a record had been counted before.</summary>
public sealed class DuplicateEvents(Projector projector, ProjectionReader reader)
{
    /// <summary>How long it waits for the projection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The places of the duplicates: element and action. Null when the projection is too far behind or cannot be read.</summary>
    public async Task<IReadOnlySet<(int Element, int Action)>?> OfAsync(string workspaceId, long position, CancellationToken cancellation)
    {
        if (!await projector.WaitForAsync(position, Patience, cancellation))
        {
            return null;
        }

        try
        {
            return await reader.ReadAsync(workspaceId, connection => Read(connection, position), cancellation);
        }
        catch (Exception fault) when (fault is ProjectionUnavailableException or ProjectionLimitException or DuckDB.NET.Data.DuckDBException)
        {
            return null; // The events are on disk: whatever happens to the projection, the request was accepted.
        }
    }

    private static HashSet<(int Element, int Action)> Read(DuckDB.NET.Data.DuckDBConnection connection, long position)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT element_index, action_index FROM duplicates WHERE position = {position}";
        using var rows = command.ExecuteReader();
        var found = new HashSet<(int, int)>();
        while (rows.Read())
        {
            found.Add((rows.GetInt32(0), rows.GetInt32(1)));
        }

        return found;
    }
}
