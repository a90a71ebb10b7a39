using System.Buffers.Binary;
using System.Security.Cryptography;
using Vitrine.Journal;

namespace Vitrine.Cluster.Migration;

/// <summary>What tells whether two journals hold the same: how many records, and a hash over the position, the length and the bytes of each.</summary>
/// <param name="Records">How many.</param>
/// <param name="Sha256">In hexadecimal.</param>
internal sealed record JournalDigest(long Records, string Sha256)
{
    private const int NumbersLength = sizeof(long) + sizeof(int);

    /// <summary>Reads a whole journal, of whichever kind.</summary>
    /// <param name="journal">The journal, to which nobody writes.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">It is damaged, or cannot be read.</exception>
    public static JournalDigest Of(IJournal journal, Action<long> progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[NumbersLength];
        var count = 0L;
        for (var position = journal.FirstPosition - 1; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            cancellation.ThrowIfCancellationRequested();
            var records = group.Records;
            while (records.MoveNext())
            {
                BinaryPrimitives.WriteInt64LittleEndian(numbers, records.Position);
                BinaryPrimitives.WriteInt32LittleEndian(numbers[sizeof(long)..], records.Record.Length);
                hash.AppendData(numbers);
                hash.AppendData(records.Record);
                count++;
            }

            progress(group.LastPosition);
        }

        return new JournalDigest(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
