using System.IO.Hashing;

namespace Vitrine.Experiences.Conditions;

/// <summary>Compares texts in UTF-8 byte by byte, and finds them by spans.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

    public bool Equals(ReadOnlySpan<byte> one, byte[] other) => one.SequenceEqual(other);

    public int GetHashCode(byte[] text) => GetHashCode(text.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> text) => (int)XxHash3.HashToUInt64(text);

    public byte[] Create(ReadOnlySpan<byte> text) => text.ToArray();
}
