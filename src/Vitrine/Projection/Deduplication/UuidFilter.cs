using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vitrine.Projection.Deduplication;

/// <summary>Tells of most UUIDs that are not in a run that they are not; of one that is, never.</summary>
/// <remarks>
/// A split block Bloom filter (Putze, Sanders, Singler: Cache-, hash- and space-efficient Bloom filters, 2007; the form
/// is that of Apache Parquet's): a UUID sets one bit in each of the eight words of one 32-byte block, so a question costs
/// one line of memory. With <see cref="BitsPerUuid"/> = 12 about one in two hundred that are not there passes, at
/// a cost of one read from the disk.
/// </remarks>
internal sealed class UuidFilter
{
    private const int BitsPerUuid = 12;
    private const int BlockBits = 256;

    /// <summary>Odd numbers that make eight independent choices of 32 bits.</summary>
    private static readonly Vector256<uint> Salt = Vector256.Create(
        0x47b6137bu, 0x44974d91u, 0x8824ad5bu, 0xa2b7289du, 0x705495c7u, 0x2df1424bu, 0x9efc4947u, 0x5c6bfb31u);

    private readonly Vector256<uint>[] _blocks;

    /// <summary>Creates an empty filter for so many UUIDs.</summary>
    public UuidFilter(long uuids) => _blocks = new Vector256<uint>[(uuids * BitsPerUuid / BlockBits) + 1];

    /// <summary>Bytes of memory that it holds.</summary>
    public long Bytes => (long)_blocks.Length * BlockBits / 8;

    /// <summary>Adds a UUID by its hash.</summary>
    public void Add(ulong hash) => _blocks[BlockOf(hash)] |= BitsOf(hash);

    /// <summary>False: it was never added.</summary>
    public bool MayContain(ulong hash)
    {
        var bits = BitsOf(hash);
        return (_blocks[BlockOf(hash)] & bits) == bits;
    }

    /// <summary>Tells the processor that a UUID will be asked for soon; see <see cref="UuidSet.Expect"/>.</summary>
    public unsafe void Expect(ulong hash)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _blocks[BlockOf(hash)]));
        }
    }

    private int BlockOf(ulong hash) => (int)Math.BigMul(hash, (ulong)_blocks.Length, out _);

    private static Vector256<uint> BitsOf(ulong hash)
    {
        var choices = (Vector256.Create((uint)hash) * Salt) >>> 27;
        return Avx2.IsSupported
            ? Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, choices)
            : Vector256.Create(
                BitOf(choices, 0), BitOf(choices, 1), BitOf(choices, 2), BitOf(choices, 3),
                BitOf(choices, 4), BitOf(choices, 5), BitOf(choices, 6), BitOf(choices, 7));
    }

    private static uint BitOf(Vector256<uint> choices, int word) => 1u << (int)choices[word];
}
