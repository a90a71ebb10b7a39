namespace Vitrine.Events;

/// <summary>Counts and cuts UTF-8 by characters (Unicode scalar values), never inside one.</summary>
internal static class Text
{
    /// <summary>The number of characters in well-formed UTF-8.</summary>
    public static int Length(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var one in utf8)
        {
            count += IsContinuation(one) ? 0 : 1;
        }

        return count;
    }

    /// <summary>The bytes of the first <paramref name="characters"/> characters, or all when there are fewer.</summary>
    public static int Cut(ReadOnlySpan<byte> utf8, int characters)
    {
        if (utf8.Length <= characters)
        {
            return utf8.Length;
        }

        for (var index = 0; index < utf8.Length; index++)
        {
            if (!IsContinuation(utf8[index]) && characters-- == 0)
            {
                return index;
            }
        }

        return utf8.Length;
    }

    private static bool IsContinuation(byte one) => (one & 0xC0) == 0x80;
}
