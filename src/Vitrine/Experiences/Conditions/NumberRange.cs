namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a value is a number between two others, or one of them.</summary>
internal sealed class NumberRange(double from, double to) : Test
{
    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) => value.Kind switch
    {
        AttributeKind.Number => Verdicts.Of(value.Number >= from && value.Number <= to),
        AttributeKind.Text when NumberText.TryRead(value.Text, out var number) => Verdicts.Of(number >= from && number <= to),
        _ => Verdict.NotNumber,
    };
}
