namespace Vitrine.Demo;

/// <summary>Numbers that look random and are the same for each new demo (SplitMix64). Belongs to one thread.</summary>
internal sealed class DemoNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 up to, and without, 1.</summary>
    public double NextDouble() => (Next64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 up to, and without, a limit.</summary>
    public int Next(int limit) => (int)(Next64() % (ulong)limit);

    private ulong Next64()
    {
        var mixed = _state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
