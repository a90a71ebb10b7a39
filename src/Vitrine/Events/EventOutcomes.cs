using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Events;

/// <summary>Says, once the projection has come that far, what became of each event of a request.</summary>
public sealed class EventOutcomes(DuplicateEvents duplicates)
{
    /// <summary>The outcomes in the order of the events; null when the projection is too far behind.</summary>
    public async Task<IReadOnlyList<EventOutcome>?> OfAsync(
        string workspaceId, ExperienceRequest request, long position, CancellationToken cancellation)
    {
        if (await duplicates.OfAsync(workspaceId, position, cancellation) is not { } known)
        {
            return null;
        }

        var outcomes = new List<EventOutcome>(request.Events.Count);
        foreach (var element in request.Elements)
        {
            for (var index = 0; index < element.EventCount; index++)
            {
                var one = request.Events[element.FirstEvent + index];
                outcomes.Add(new EventOutcome(Uuids.Format(one.Uuid), known.Contains((element.Index, one.Index)) ? "duplicate" : "stored"));
            }
        }

        return outcomes;
    }
}
