using System.Buffers.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Texts that are numbers: those, and only those, that JSON writes a number with.</summary>
internal static class NumberText
{
    /// <summary>Reads a text as a number. A number with leading zeros, such as a postal code, is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out double number)
    {
        number = double.NaN;
        return IsNumber(utf8) && Utf8Parser.TryParse(utf8, out number, out var used) && used == utf8.Length;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        text = text.Length > 0 && text[0] == '-' ? text[1..] : text;
        var whole = Digits(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
        {
            return false;
        }

        text = text[whole..];
        if (text.Length > 0 && text[0] == '.')
        {
            var fraction = Digits(text[1..]);
            if (fraction == 0)
            {
                return false;
            }

            text = text[(1 + fraction)..];
        }

        if (text.Length > 0 && text[0] is (byte)'e' or (byte)'E')
        {
            var sign = text.Length > 1 && text[1] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = Digits(text[(1 + sign)..]);
            return exponent > 0 && exponent == text.Length - 1 - sign;
        }

        return text.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }
}
