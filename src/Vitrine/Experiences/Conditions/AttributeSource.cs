namespace Vitrine.Experiences.Conditions;

/// <summary>An attribute that has a slot in a registry.</summary>
internal abstract class AttributeSource(AttributeNames names, string name) : LeafSource
{
    private int _slot = -1;

    public sealed override void Bind() => _slot = names.SlotOf(name);

    protected Verdict Find(AttributeValues values, out AttributeValue value)
    {
        value = values[_slot];
        return value.Kind == AttributeKind.Missing ? Verdict.Missing : Verdict.Holds;
    }
}
