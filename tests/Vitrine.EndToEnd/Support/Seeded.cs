using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Vitrine.EndToEnd.Support;

/// <summary>
/// Random numbers that can be had again: the seed is new with each run, written to the test's output, and set by
/// <c>VITRINE_TEST_SEED</c>. SplitMix64; one thread at a time.
/// </summary>
internal sealed class Seeded(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The seed to give again.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>A generator with the seed of the environment, or a new one, announced in the test's output.</summary>
    public static Seeded Announced()
    {
        var given = Environment.GetEnvironmentVariable("VITRINE_TEST_SEED");
        var seed = given is null
            ? BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8))
            : ulong.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"VITRINE_TEST_SEED={seed}");
        return new Seeded(seed);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, and without, a limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>A number between two, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>A random UUID, version 4.</summary>
    public Guid Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Next());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A generator of its own for another thread.</summary>
    public Seeded Fork() => new(BitOperations.RotateLeft(Next(), 17));
}
