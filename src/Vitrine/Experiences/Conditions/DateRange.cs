namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a value is a date within a range, the ends included.</summary>
/// <param name="zone">The time zone of dates that do not say theirs.</param>
/// <param name="from">The first moment, in Unix milliseconds; relative to now where <paramref name="isRelative"/>.</param>
/// <param name="to">The last moment, likewise.</param>
/// <param name="isRelative">Whether the range moves with the present.</param>
internal sealed class DateRange(ZoneOffsets zone, long from, long to, bool isRelative) : Test
{
    public override Verdict Of(scoped in Scalar value, Circumstances circumstances)
    {
        long moment;
        if (value.Kind == AttributeKind.Number ? !Dates.TryRead(value.Number, out moment) : !TryText(in value, out moment))
        {
            return Verdict.NotDate;
        }

        var origin = isRelative ? circumstances.Now : 0;
        return Verdicts.Of(moment >= origin + from && moment <= origin + to);
    }

    private bool TryText(scoped in Scalar value, out long moment)
    {
        moment = 0;
        return value.Kind == AttributeKind.Text && Dates.TryRead(value.Text, zone, out moment, out _);
    }
}
