using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Vitrine.Workspaces;

/// <summary>What a workspace id and a key may look like, and how new ones are made.</summary>
public static partial class WorkspaceRules
{
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Why a workspace id cannot be used; null when it can.</summary>
    public static string? WhyNotId(string id) =>
        !IdPattern().IsMatch(id) ? $"A workspace id is 1–64 letters, digits, '_' or '-'; '{id}' is not."
        : id.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal)
            ? $"A workspace id must not end in {WorkspaceEnvironment.TestSuffix}: that names its test environment."
        : null;

    /// <summary>Why a key cannot be used; null when it can. A key's text is never part of the answer.</summary>
    public static string? WhyNotKey(string key) =>
        key.Length is < 8 or > 256 ? $"A key has 8–256 characters; this one has {key.Length}."
        : key.Any(character => character is < '!' or > '~') ? "A key consists of printable ASCII characters without spaces."
        : null;

    /// <summary>A new id: 24 capital letters and digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, 24);

    /// <summary>A new secret key: 256 random bits in URL-safe base 64.</summary>
    public static string NewKey() => "vsk_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash by which a key is known.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex IdPattern();
}
