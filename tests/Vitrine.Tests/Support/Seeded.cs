namespace Vitrine.Tests.Support;

/// <summary>Numbers that look random and are the same each time (SplitMix64).</summary>
public sealed class Seeded(ulong seed)
{
    private ulong _state = seed;

    public ulong Next64()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    public int Next(int exclusiveMaximum) => (int)(Next64() % (ulong)exclusiveMaximum);

    public long Between(long minimum, long maximum) => minimum + (long)(Next64() % (ulong)(maximum - minimum + 1));

    public bool OneIn(int chances) => Next(chances) == 0;

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    public Guid Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next64());
        BitConverter.TryWriteBytes(bytes[8..], Next64() | 1);
        return new Guid(bytes);
    }
}
