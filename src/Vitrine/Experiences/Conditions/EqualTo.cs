using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a value equals one text, number or boolean.</summary>
internal sealed class EqualTo : Test
{
    private readonly byte[] _utf8;
    private readonly string? _ignoringCase;
    private readonly bool _isNumber;
    private readonly double _number;

    /// <summary>Equal to a text. A boolean is equal to its text.</summary>
    public EqualTo(string text, bool ignoreCase)
    {
        _utf8 = Encoding.UTF8.GetBytes(text);
        _ignoringCase = ignoreCase ? text : null;
        _number = NumberText.TryRead(_utf8, out var number) ? number : double.NaN;
    }

    /// <summary>Equal to a number.</summary>
    public EqualTo(double number)
    {
        _utf8 = [];
        _isNumber = true;
        _number = number;
    }

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) => value.Kind switch
    {
        AttributeKind.Number => Verdicts.Of(value.Number == _number),
        AttributeKind.Text when _isNumber => Verdicts.Of(NumberText.TryRead(value.Text, out var number) && number == _number),
        AttributeKind.Boolean when _isNumber => Verdict.Fails,
        AttributeKind.Text or AttributeKind.Boolean => Verdicts.Of(_ignoringCase is null
            ? value.Text.SequenceEqual(_utf8)
            : circumstances.Characters(value.Text).Equals(_ignoringCase, StringComparison.OrdinalIgnoreCase)),
        _ => Verdict.NotComparable,
    };
}
