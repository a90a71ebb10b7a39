namespace Vitrine.Experiences.Conditions;

/// <summary>Where the address is.</summary>
internal sealed class PlaceSource(int slot) : LeafSource
{
    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        var verdict = circumstances.Place.Find(circumstances.Places, out values);
        value = values[slot];
        return verdict == Verdict.Holds && value.Kind == AttributeKind.Missing ? Verdict.UnknownPlace : verdict;
    }
}
