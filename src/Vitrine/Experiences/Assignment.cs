using System.IO.Hashing;
using System.Text;

namespace Vitrine.Experiences;

/// <summary>Tells which bucket a customer is in: always the same one, uniformly, and independently of every other choice.</summary>
/// <remarks>
/// The bucket is ⌊h · 10,000 / 2⁶⁴⌋, where h is XXH64 with seed 0 (the xxHash specification) over the UTF-8 bytes of a
/// scope and the customer id. A scope is the environment id, the experience id and the audience id, each with a line feed
/// behind it; for an experience's control group the word <c>control</c> stands in place of the audience, and for the
/// workspace's the experience id is empty as well. No id holds a line feed, so no two scopes are alike. Vectors are in
/// <c>spec/assignment-vectors.json</c>.
/// </remarks>
public sealed class Assignment
{
    private const string Control = "control";
    private const int LongestOnTheStack = 1024;

    private readonly byte[] _scope;

    private Assignment(string environmentId, string experienceId, string choice) =>
        _scope = Encoding.UTF8.GetBytes($"{environmentId}\n{experienceId}\n{choice}\n");

    /// <summary>The choice of a variation within an audience.</summary>
    public static Assignment OfAudience(string environmentId, string experienceId, string audienceId) =>
        new(environmentId, experienceId, audienceId);

    /// <summary>Membership in an experience's control group.</summary>
    public static Assignment OfControlGroup(string environmentId, string experienceId) => new(environmentId, experienceId, Control);

    /// <summary>Membership in the workspace's control group, which is kept out of every experience.</summary>
    public static Assignment OfGlobalControlGroup(string environmentId) => new(environmentId, "", Control);

    /// <summary>The bucket of a customer: 0–9,999.</summary>
    public int BucketOf(ReadOnlySpan<byte> customerId)
    {
        var length = _scope.Length + customerId.Length;
        var text = length <= LongestOnTheStack ? stackalloc byte[length] : new byte[length];
        _scope.CopyTo(text);
        customerId.CopyTo(text[_scope.Length..]);
        return (int)Math.BigMul(XxHash64.HashToUInt64(text), (ulong)Allocation.Buckets, out _);
    }
}
