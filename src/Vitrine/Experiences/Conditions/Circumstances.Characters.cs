using System.Text.Unicode;

namespace Vitrine.Experiences.Conditions;

public sealed partial class Circumstances
{
    private const int KeptCharacters = 16 * 1024;

    private char[] _characters = new char[1024];

    /// <summary>A text in UTF-16, for what only exists for that. Valid until the next call.</summary>
    /// <param name="utf8">The text; what is no UTF-8 in it becomes U+FFFD.</param>
    /// <param name="most">UTF-16 units after which it is cut, never within a character.</param>
    internal ReadOnlySpan<char> Characters(ReadOnlySpan<byte> utf8, int most = int.MaxValue)
    {
        var needed = Math.Min(utf8.Length, most); // A character has no more UTF-16 units than bytes.
        if (needed > _characters.Length)
        {
            _characters = new char[Math.Max(needed, _characters.Length * 2)];
        }

        _ = Utf8.ToUtf16(utf8, _characters.AsSpan(0, needed), out _, out var written);
        return _characters.AsSpan(0, written);
    }

    private void ClearCharacters()
    {
        if (_characters.Length > KeptCharacters)
        {
            _characters = new char[1024];
        }
    }
}
