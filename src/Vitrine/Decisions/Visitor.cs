using System.Security.Cryptography;
using Vitrine.Experiences;

namespace Vitrine.Decisions;

/// <summary>Who is decided for.</summary>
/// <param name="identifier">What he is known by, UTF-8; empty: by nothing.</param>
internal readonly ref struct Visitor(ReadOnlySpan<byte> identifier)
{
    /// <summary>What he is known by, UTF-8.</summary>
    public ReadOnlySpan<byte> Identifier { get; } = identifier;

    /// <summary>Whether he is known by nothing.</summary>
    public bool IsAnonymous => Identifier.IsEmpty;

    /// <summary>His bucket. Somebody who is known by nothing has another one each time: he cannot be recognised, and all such visitors together are to see what the shares say.</summary>
    public int BucketIn(Assignment assignment) =>
        IsAnonymous ? RandomNumberGenerator.GetInt32(Allocation.Buckets) : assignment.BucketOf(Identifier);
}
