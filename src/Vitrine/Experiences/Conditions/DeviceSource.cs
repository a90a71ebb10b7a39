namespace Vitrine.Experiences.Conditions;

/// <summary>What the user agent says.</summary>
internal sealed class DeviceSource(int slot) : LeafSource
{
    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        var verdict = circumstances.Device.Find(out values);
        value = values[slot];
        return verdict == Verdict.Holds && value.Kind == AttributeKind.Missing ? Verdict.UnknownDevice : verdict;
    }
}
