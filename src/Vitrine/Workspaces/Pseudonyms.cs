using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Workspaces;

/// <summary>Puts a keyed hash in the place of each customer id, where a workspace was made so: nothing that is stored names a customer.</summary>
/// <remarks>
/// A pseudonym is <c>~</c> and the first 18 bytes of HMAC-SHA256 (RFC 2104) of the id in URL-safe base 64: two ids of one
/// workspace share one with a probability of 2^-144. The same id has the same one always, so customers are counted,
/// recognised and decided for as ever; who has the key can tell whether an id is a given pseudonym's, and nobody can
/// read an id from it. What looks like a pseudonym is taken for one and stays: what was exported can be imported and
/// looked up. Any thread may call.
/// </remarks>
public sealed class Pseudonyms
{
    /// <summary>Bytes, or characters, of a pseudonym.</summary>
    public const int Length = 1 + (HashBytes / 3 * 4);

    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    private const int HashBytes = 18;
    private const byte Mark = (byte)'~';

    private readonly byte[] _key;

    /// <summary>Those under a key.</summary>
    /// <param name="key"><see cref="KeyBytes"/> in hexadecimal.</param>
    public Pseudonyms(string key) => _key = Convert.FromHexString(key);

    /// <summary>A new key.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Whether an id is a pseudonym already.</summary>
    public static bool IsOne(ReadOnlySpan<byte> customerId) =>
        customerId.Length == Length && customerId[0] == Mark && Base64Url.IsValid(customerId[1..], out var decoded) && decoded == HashBytes;

    /// <summary>Writes a customer's pseudonym; answers how many bytes that are.</summary>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="target">Room for <see cref="Length"/> bytes.</param>
    public int Write(ReadOnlySpan<byte> customerId, Span<byte> target)
    {
        if (IsOne(customerId))
        {
            customerId.CopyTo(target);
            return Length;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, customerId, hash);
        target[0] = Mark;
        return 1 + Base64Url.EncodeToUtf8(hash[..HashBytes], target[1..]);
    }

    /// <summary>A customer's pseudonym, UTF-8.</summary>
    public byte[] Of(ReadOnlySpan<byte> customerId)
    {
        var pseudonym = new byte[Length];
        Write(customerId, pseudonym);
        return pseudonym;
    }

    /// <summary>A customer's pseudonym.</summary>
    public string Of(string customerId) => Encoding.ASCII.GetString(Of(Encoding.UTF8.GetBytes(customerId)));
}
