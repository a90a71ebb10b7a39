namespace Vitrine.Experiences.Conditions;

/// <summary>The day of the week or the hour, in the experience's time zone.</summary>
internal sealed class TimeSource(ZoneOffsets zone, bool isHour) : LeafSource
{
    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        var local = zone.ToLocal(circumstances.Moment);
        values = Calendar.Values;
        value = values[isHour ? Calendar.SlotOfHour(local) : Calendar.SlotOfDay(local)];
        return Verdict.Holds;
    }
}
