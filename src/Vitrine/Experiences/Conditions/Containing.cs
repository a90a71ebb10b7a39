namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a text contains another; of a list, whether an element equals it.</summary>
/// <param name="text">Asked of a text; null when the value is no text, which no text contains.</param>
/// <param name="element">Asked of an element.</param>
internal sealed class Containing(TextTest? text, EqualTo element) : Test
{
    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) =>
        text is null ? Verdict.NotList : text.Of(in value, circumstances);

    public override Verdict OfElement(scoped in Scalar value, Circumstances circumstances) => element.Of(in value, circumstances);
}
