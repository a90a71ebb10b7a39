using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks how a value stands to a number or to a text.</summary>
internal sealed class Ordered : Test
{
    private readonly Order _accepted;
    private readonly byte[]? _utf8;
    private readonly double _number;
    private readonly bool _hasNumber;

    /// <summary>Stands so to a number.</summary>
    public Ordered(Order accepted, double number) => (_accepted, _number, _hasNumber) = (accepted, number, true);

    /// <summary>Stands so to a text.</summary>
    public Ordered(Order accepted, string text)
    {
        _accepted = accepted;
        _utf8 = Encoding.UTF8.GetBytes(text);
        _hasNumber = NumberText.TryRead(_utf8, out _number);
    }

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) => value.Kind switch
    {
        AttributeKind.Number when _hasNumber => Compare(value.Number),
        AttributeKind.Text when _utf8 is not null => Verdicts.Of(_accepted.Accepts(value.Text.SequenceCompareTo(_utf8))),
        AttributeKind.Text => NumberText.TryRead(value.Text, out var number) ? Compare(number) : Verdict.NotNumber,
        AttributeKind.Number => Verdict.NotOrdered,
        _ => _utf8 is null ? Verdict.NotNumber : Verdict.NotOrdered,
    };

    private Verdict Compare(double number) => Verdicts.Of(_accepted.Accepts(number.CompareTo(_number)));
}
