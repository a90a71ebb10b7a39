using System.IO.Hashing;
using System.Security.Cryptography;

namespace Vitrine.Projection;

/// <summary>Gives each text of an environment a number, from 1, in the order of first appearance; one that is forgotten is not given again.</summary>
/// <remarks>
/// Texts are known by a 128-bit hash under a random key of this process, never stored, so that tens of millions of
/// customers fit in memory (about 40 bytes each) and nobody can aim at a collision. Used by the projector's thread
/// alone; rebuilt from the projection at start.
/// </remarks>
internal sealed class Numbering
{
    /// <summary>Odd, so that no two environments are offset alike, and far from what texts differ by.</summary>
    private static readonly UInt128 EnvironmentStep = new(0x9E37_79B9_7F4A_7C15, 0xF39C_C060_5CED_C835);

    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly long _key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private int _highest;
    private int _restoredForgotten;

    /// <summary>The number of a text; new ones are numbered and said to be so.</summary>
    public int NumberOf(int environment, ReadOnlySpan<byte> text, out bool isNew)
    {
        var hash = Hash(environment, text);
        isNew = _numbers.TryAdd(hash, _highest + 1);
        return isNew ? ++_highest : _numbers[hash];
    }

    /// <summary>The number of a text; 0 when it has none.</summary>
    public int Find(int environment, ReadOnlySpan<byte> text) => _numbers.GetValueOrDefault(Hash(environment, text));

    /// <summary>Forgets a text; should it come again, it gets another number.</summary>
    public void Forget(int environment, ReadOnlySpan<byte> text) => _numbers.Remove(Hash(environment, text));

    /// <summary>Makes room for so many numbers.</summary>
    public void Expect(int count) => _numbers.EnsureCapacity(count);

    /// <summary>Takes over a number given earlier. New ones can be given after <see cref="EndRestoring"/>.</summary>
    public void Restore(int environment, ReadOnlySpan<byte> text, int number)
    {
        _numbers.Add(Hash(environment, text), number);
        _highest = Math.Max(_highest, number);
    }

    /// <summary>Takes over that a number was given to a text that is forgotten.</summary>
    public void RestoreForgotten(int number)
    {
        _restoredForgotten++;
        _highest = Math.Max(_highest, number);
    }

    /// <summary>Makes sure that all numbers came back.</summary>
    /// <exception cref="InvalidDataException">Some did not.</exception>
    public void EndRestoring()
    {
        if (_highest != _numbers.Count + _restoredForgotten)
        {
            throw new InvalidDataException($"The numbers reach {_highest} and there are {_numbers.Count + _restoredForgotten}: the projection has a gap.");
        }
    }

    /// <summary>The environment is added behind the hash: in its seed it could be offset by bits of the text.</summary>
    private UInt128 Hash(int environment, ReadOnlySpan<byte> text) =>
        XxHash128.HashToUInt128(text, _key) + ((uint)environment * EnvironmentStep);
}
