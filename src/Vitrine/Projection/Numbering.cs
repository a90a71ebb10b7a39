using System.IO.Hashing;
using System.Security.Cryptography;

namespace Vitrine.Projection;

/// <summary>Gives each text of an environment a dense number, from 1, in the order of first appearance.</summary>
/// <remarks>
/// Texts are known by a 128-bit hash under a random key of this process, never stored, so that tens of millions of
/// customers fit in memory (about 40 bytes each) and nobody can aim at a collision. Used by the projector's thread
/// alone; rebuilt from the projection at start.
/// </remarks>
internal sealed class Numbering
{
    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>The number of a text; new ones are numbered and said to be so.</summary>
    public int NumberOf(int environment, ReadOnlySpan<byte> text, out bool isNew)
    {
        var hash = Hash(environment, text);
        isNew = _numbers.TryAdd(hash, _numbers.Count + 1);
        return isNew ? _numbers.Count : _numbers[hash];
    }

    /// <summary>Takes over a number given earlier. Numbers must come in ascending order.</summary>
    public void Restore(int environment, ReadOnlySpan<byte> text, int number)
    {
        _numbers.Add(Hash(environment, text), number);
        if (_numbers.Count != number)
        {
            throw new InvalidDataException($"Number {number} follows {_numbers.Count - 1}: the projection has a gap.");
        }
    }

    private UInt128 Hash(int environment, ReadOnlySpan<byte> text) => XxHash128.HashToUInt128(text, _key + environment);
}
