using System.IO.Hashing;
using System.Security.Cryptography;

namespace Vitrine.Projection;

/// <summary>A text, known by 128 bits of a hash and never stored.</summary>
/// <remarks>Two words rather than one of 128 bits, which would be laid out at multiples of 16: a dictionary's entry is a quarter smaller.</remarks>
internal readonly record struct TextKey(ulong High, ulong Low)
{
    /// <inheritdoc/>
    public override int GetHashCode() => (int)Low;
}

/// <summary>Turns texts into keys, under a random key of this instance, so that nobody can aim at a collision. Any thread may ask.</summary>
internal sealed class TextHash
{
    private readonly long _ofTexts = RandomKey();
    private readonly long _ofEnvironments = RandomKey();

    /// <summary>The key of a text.</summary>
    public TextKey Of(ReadOnlySpan<byte> text) => Key(XxHash128.HashToUInt128(text, _ofTexts));

    /// <summary>The key of an environment's text: another one in each environment.</summary>
    public TextKey Of(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> text) =>
        Key(XxHash128.HashToUInt128(text, _ofTexts) + XxHash128.HashToUInt128(environmentId, _ofEnvironments));

    private static TextKey Key(UInt128 hash) => new((ulong)(hash >> 64), (ulong)hash);

    private static long RandomKey() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
}
