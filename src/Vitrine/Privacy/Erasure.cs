using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Vitrine.Privacy;

/// <summary>
/// An entry of the list of erasures. It stays for ever, and goes with every backup, so that an erasure is done again
/// where older data come back; it holds no customer id but hashes under a random key.
/// </summary>
internal sealed record Erasure
{
    /// <summary>By which it is known; random.</summary>
    public required string Id { get; init; }

    /// <summary>By which the answer to the request named it; null where it comes from another data folder.</summary>
    public string? RequestId { get; init; }

    /// <summary>The journal record that asks for it; null until there is one in this journal.</summary>
    public long? Position { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>When it was asked for. What was received before goes.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The key of the hashes, in hexadecimal.</summary>
    public required string Key { get; init; }

    /// <summary>HMAC-SHA256 of each customer, in hexadecimal; see <see cref="HashOf"/>.</summary>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>When nothing of the customers was left in any file; null until then.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>A new key.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash of a customer of an environment: of the environment's id, a line feed and the customer's id.</summary>
    public static string HashOf(string key, string environmentId, string customerId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(key), Encoding.UTF8.GetBytes($"{environmentId}\n{customerId}")));
}

/// <summary>The stored shape of the list.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Erasure))]
internal sealed partial class PrivacyListJson : JsonSerializerContext;
