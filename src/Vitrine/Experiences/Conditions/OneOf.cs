using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a value equals one of several, each as <see cref="EqualTo"/> would.</summary>
internal sealed class OneOf : Test
{
    private readonly HashSet<double> _numbers;
    private readonly HashSet<double> _numbersOfTexts = [];
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _texts;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _ignoringCase;

    /// <summary>Equal to one of these numbers or texts; a boolean is equal to its text.</summary>
    public OneOf(IEnumerable<double> numbers, IReadOnlyCollection<string> texts, bool ignoreCase)
    {
        _numbers = [.. numbers];
        var utf8 = new HashSet<byte[]>(texts.Select(Encoding.UTF8.GetBytes), Utf8Comparer.Instance);
        foreach (var text in utf8)
        {
            if (NumberText.TryRead(text, out var number))
            {
                _numbersOfTexts.Add(number);
            }
        }

        _texts = utf8.GetAlternateLookup<ReadOnlySpan<byte>>();
        _ignoringCase = ignoreCase
            ? new HashSet<string>(texts, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>()
            : null;
    }

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances) => value.Kind switch
    {
        AttributeKind.Number => Verdicts.Of(_numbers.Contains(value.Number) || _numbersOfTexts.Contains(value.Number)),
        AttributeKind.Boolean => Verdicts.Of(HasText(value.Text, circumstances)),
        AttributeKind.Text => Verdicts.Of(HasText(value.Text, circumstances) || HasNumber(value.Text)),
        _ => Verdict.NotComparable,
    };

    private bool HasText(ReadOnlySpan<byte> text, Circumstances circumstances) =>
        _ignoringCase is { } lookup ? lookup.Contains(circumstances.Characters(text)) : _texts.Contains(text);

    private bool HasNumber(ReadOnlySpan<byte> text) =>
        _numbers.Count > 0 && NumberText.TryRead(text, out var number) && _numbers.Contains(number);
}
