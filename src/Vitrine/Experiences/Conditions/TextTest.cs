using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a text contains another, or begins or ends with it.</summary>
/// <param name="place">Where the other text must stand.</param>
/// <param name="text">The other text.</param>
/// <param name="ignoreCase">Whether case counts.</param>
internal sealed class TextTest(TextPlace place, string text, bool ignoreCase) : Test
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) =>
        value.Kind != AttributeKind.Text ? Verdict.NotText
        : Verdicts.Of(ignoreCase ? HoldsIgnoringCase(circumstances.Characters(value.Text)) : Holds(value.Text));

    private bool Holds(ReadOnlySpan<byte> value) => place switch
    {
        TextPlace.Start => value.StartsWith(_utf8),
        TextPlace.End => value.EndsWith(_utf8),
        _ => value.IndexOf(_utf8) >= 0,
    };

    private bool HoldsIgnoringCase(ReadOnlySpan<char> value) => place switch
    {
        TextPlace.Start => value.StartsWith(text, StringComparison.OrdinalIgnoreCase),
        TextPlace.End => value.EndsWith(text, StringComparison.OrdinalIgnoreCase),
        _ => value.Contains(text, StringComparison.OrdinalIgnoreCase),
    };
}
