namespace Vitrine.Journal;

/// <summary>
/// The eight letters and digits by which an answer names its request. They are the journal position itself, written in
/// base 62 after a fixed one-to-one scrambling, so a receipt needs no index and an id tells an outsider no volume.
/// </summary>
/// <remarks>
/// 62^8 = 218,340,105,584,896 positions: at 50,000 requests a second, 138 years. The scrambling multiplies by a number
/// coprime to 62 modulo 62^8; it hides the count from a glance, it is no secret.
/// </remarks>
public static class RequestId
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const ulong Modulus = 218_340_105_584_896;
    private const ulong Multiplier = 134_775_813_961_357;
    private static readonly ulong Inverse = InverseOf(Multiplier);

    /// <summary>The id of a position, 1 … 62^8 − 1.</summary>
    public static string Of(long position) => string.Create(8, position, static (span, value) => Write(span, value));

    /// <summary>Writes the eight characters of a position's id.</summary>
    public static void Write(Span<char> target, long position)
    {
        var scrambled = (ulong)((UInt128)(ulong)position * Multiplier % Modulus);
        for (var index = 7; index >= 0; index--)
        {
            (scrambled, var digit) = Math.DivRem(scrambled, 62);
            target[index] = Alphabet[(int)digit];
        }
    }

    /// <summary>The position that an id names. False when the text is not an id.</summary>
    public static bool TryParse(ReadOnlySpan<char> id, out long position)
    {
        position = 0;
        if (id.Length != 8)
        {
            return false;
        }

        ulong scrambled = 0;
        foreach (var character in id)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            scrambled = (scrambled * 62) + (ulong)digit;
        }

        position = (long)(ulong)((UInt128)scrambled * Inverse % Modulus);
        return position > 0;
    }

    private static ulong InverseOf(ulong value)
    {
        Int128 previous = Modulus, current = value, before = 0, coefficient = 1;
        while (current != 0)
        {
            var quotient = previous / current;
            (previous, current) = (current, previous - (quotient * current));
            (before, coefficient) = (coefficient, before - (quotient * coefficient));
        }

        return previous == 1
            ? (ulong)((before % Modulus + Modulus) % Modulus)
            : throw new InvalidOperationException("The multiplier must be coprime to 62.");
    }
}
