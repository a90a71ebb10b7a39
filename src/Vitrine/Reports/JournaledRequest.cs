using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>What the journal says of a request, whatever it reported.</summary>
/// <param name="Bytes">The record.</param>
/// <param name="ReceivedAt">Unix milliseconds.</param>
/// <param name="Refusal">Why the request as a whole was refused.</param>
/// <param name="Events">The events that were not refused, by their places; of those that were erased there is no more.</param>
/// <param name="Rejections">Those that were.</param>
internal sealed record JournaledRequest(
    byte[] Bytes,
    long ReceivedAt,
    RejectionReason Refusal,
    IReadOnlyList<(int Element, int Action, UInt128? Uuid)> Events,
    IReadOnlyList<EventRejection> Rejections)
{
    private ExperienceRequest? Experiences { get; init; }

    private GoalRequest? Goals { get; init; }

    /// <summary>Reads a record; null when it is another environment's, or of no request. One that set a customer's attributes held no events.</summary>
    public static JournaledRequest? Read(byte[] record, string environmentId)
    {
        switch (RecordKinds.Of(record))
        {
            case RecordKind.ExperienceEvents:
                var experiences = new ExperienceRequest();
                ExperienceRequestCodec.Read(record, experiences);
                return !Is(environmentId, experiences.Environment.Of(record)) ? null
                    : new JournaledRequest(record, experiences.ReceivedAt, experiences.Refusal, [.. Places(experiences), .. Places(experiences.Erased)], experiences.Rejections) { Experiences = experiences };
            case RecordKind.GoalEvents:
                var goals = new GoalRequest();
                GoalRequestCodec.Read(record, goals);
                return !Is(environmentId, goals.Environment.Of(record)) ? null : new JournaledRequest(
                    record,
                    goals.ReceivedAt,
                    goals.Refusal,
                    [.. goals.Actions.Select(static action => (GoalRequest.NoElement, action.Index, action.Uuid)), .. Places(goals.Erased)],
                    goals.Rejections) { Goals = goals };
            case RecordKind.CustomerProfile:
                var change = CustomerRecordCodec.Read(record);
                return Is(environmentId, change.Environment) ? new JournaledRequest(record, change.ReceivedAt, RejectionReason.None, [], []) : null;
            default:
                return null;
        }
    }

    /// <summary>The event at a place; null when there is none.</summary>
    public EventContent? Find(int element, int action)
    {
        foreach (var one in Experiences?.Elements ?? [])
        {
            for (var index = one.FirstEvent; one.Index == element && index < one.FirstEvent + one.EventCount; index++)
            {
                if (Experiences!.Events[index].Index == action)
                {
                    return EventContent.Of(Experiences, in one, Experiences.Events[index], Bytes);
                }
            }
        }

        var goal = Goals?.Actions.FindIndex(one => one.Index == action) ?? -1;
        return goal < 0 ? null : EventContent.Of(Goals!, Goals!.Actions[goal], Bytes);
    }

    private static bool Is(string environmentId, ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8) == environmentId;

    private static IEnumerable<(int Element, int Action, UInt128? Uuid)> Places(ExperienceRequest request) =>
        request.Elements.SelectMany(element => request.Events
            .Skip(element.FirstEvent)
            .Take(element.EventCount)
            .Select(one => (element.Index, one.Index, (UInt128?)one.Uuid)));

    private static IEnumerable<(int Element, int Action, UInt128? Uuid)> Places(List<ErasedEvent> events) =>
        events.Select(static one => (one.Element, one.Action, one.Uuid));
}
