namespace Vitrine.Experiences.Conditions;

/// <summary>An attribute of the session, which came with the request.</summary>
internal sealed class RequestSource(AttributeNames names, string name) : AttributeSource(names, name)
{
    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value) =>
        Find(values = circumstances.Request, out value);
}
