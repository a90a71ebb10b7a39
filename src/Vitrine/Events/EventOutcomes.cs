using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Events;

/// <summary>Says, once the projection has come that far, what became of each event of a request.</summary>
public sealed class EventOutcomes(Projector projector, ProjectionReader reader)
{
    /// <summary>How long a request waits for the projection before it is answered without outcomes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The outcomes in the order of the events; null when the projection is too far behind.</summary>
    public async Task<IReadOnlyList<EventOutcome>?> OfAsync(
        string workspaceId, ExperienceRequest request, long position, CancellationToken cancellation)
    {
        if (!await projector.WaitForAsync(position, Patience, cancellation))
        {
            return null;
        }

        HashSet<(int, int)> duplicates;
        try
        {
            duplicates = await ReadDuplicatesAsync(workspaceId, position, cancellation);
        }
        catch (Exception fault) when (fault is ProjectionUnavailableException or ProjectionLimitException or DuckDB.NET.Data.DuckDBException)
        {
            return null; // The events are on disk: whatever happens to the projection, the request was accepted.
        }

        var outcomes = new List<EventOutcome>(request.Events.Count);
        foreach (var element in request.Elements)
        {
            for (var index = 0; index < element.EventCount; index++)
            {
                var one = request.Events[element.FirstEvent + index];
                outcomes.Add(new EventOutcome(
                    Uuids.Format(one.Uuid), duplicates.Contains((element.Index, one.Index)) ? "duplicate" : "stored"));
            }
        }

        return outcomes;
    }

    private Task<HashSet<(int Element, int Action)>> ReadDuplicatesAsync(
        string workspaceId, long position, CancellationToken cancellation) => reader.ReadAsync(
        workspaceId,
        connection =>
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
        },
        cancellation);
}
