namespace Vitrine.Experiences.Conditions;

/// <summary>An attribute of the event that is judged.</summary>
internal sealed class EventSource(AttributeNames names, string name) : AttributeSource(names, name)
{
    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value) =>
        Find(values = circumstances.Event, out value);
}
