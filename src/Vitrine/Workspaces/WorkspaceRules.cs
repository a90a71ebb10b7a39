using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Vitrine.Workspaces;

/// <summary>What a workspace id and a key may look like, and how new ones are made.</summary>
public static partial class WorkspaceRules
{
    private const int MaximumOrigins = 100;
    private const int LongestRetentionDays = 3_650;
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(3_650);
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Why a workspace id cannot be used; null when it can.</summary>
    public static string? WhyNotId(string id) =>
        !IdPattern().IsMatch(id) ? $"A workspace id is 1–64 letters, digits, '_' or '-'; '{id}' is not."
        : id.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal)
            ? $"A workspace id must not end in {WorkspaceEnvironment.TestSuffix}: that names its test environment."
        : null;

    /// <summary>Why a key cannot be used; null when it can. A key's text is never part of the answer.</summary>
    public static string? WhyNotKey(string key) =>
        key.StartsWith(ClientKey.Prefix, StringComparison.Ordinal) ? $"A secret key does not begin with {ClientKey.Prefix}: that is how client keys, which are no secret, are told from it."
        : WhyNotText(key);

    /// <summary>Why a client key cannot be used; null when it can.</summary>
    public static string? WhyNotClientKey(string key) =>
        !key.StartsWith(ClientKey.Prefix, StringComparison.Ordinal) ? $"A client key begins with {ClientKey.Prefix}, so that it is told from a secret one."
        : WhyNotText(key);

    /// <summary>Why origins cannot be those of a client key; null when they can.</summary>
    public static string? WhyNotOrigins(IReadOnlyList<string> origins) =>
        origins.Count > MaximumOrigins ? $"A client key has at most {MaximumOrigins} origins; these are {origins.Count}."
        : origins.FirstOrDefault(static origin => origin != ClientKey.AnyOrigin && !IsOrigin(origin)) is { } wrong
            ? $"'{wrong}' is no origin as browsers send it; one looks like https://shop.example or http://localhost:3000, in lower case and without a path."
        : null;

    /// <summary>Why a limit cannot be a client key's; null when it can.</summary>
    public static string? WhyNotRequestsPerMinute(int? limit) => limit is < 1 ? "A limit is at least one request a minute." : null;

    /// <summary>The limit that somebody has typed; null: none.</summary>
    /// <exception cref="CatalogException">It is no whole number from 1.</exception>
    public static int? RequestsPerMinute(double? typed) => typed is null or (>= 1 and <= int.MaxValue) && typed % 1 is null or 0
        ? (int?)typed
        : throw new CatalogException("Requests a minute are a whole number from 1.");

    /// <summary>Why single events cannot be kept for so many days; null when they can.</summary>
    public static string? WhyNotRetentionDays(int? days) =>
        days is < 1 or > LongestRetentionDays ? $"Events are kept for 1 to {LongestRetentionDays} days, or for ever; not for {days}." : null;

    /// <summary>The days that somebody has typed; null: for ever.</summary>
    /// <exception cref="CatalogException">It is no whole number of days for which events can be kept.</exception>
    public static int? RetentionDays(double? typed) => typed is null or (>= 1 and <= LongestRetentionDays) && typed % 1 is null or 0
        ? (int?)typed
        : throw new CatalogException($"Events are kept for 1 to {LongestRetentionDays} whole days, or, where nothing is entered, for ever.");

    /// <summary>Why two keys cannot be valid beside each other for so long; null when they can.</summary>
    public static string? WhyNotOverlap(TimeSpan overlap) =>
        overlap < TimeSpan.Zero || overlap > LongestOverlap ? $"An overlap is not negative, and at most {LongestOverlap.TotalDays:0} days." : null;

    /// <summary>A new client key: 128 random bits in hexadecimal digits.</summary>
    public static string NewClientKey() => ClientKey.Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>A new id: 24 capital letters and digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, 24);

    /// <summary>A new secret key: 256 random bits in URL-safe base 64.</summary>
    public static string NewKey() => "vsk_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash by which a key is known.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string? WhyNotText(string key) =>
        key.Length is < 8 or > 256 ? $"A key has 8–256 characters; this one has {key.Length}."
        : key.Any(character => character is < '!' or > '~') ? "A key consists of printable ASCII characters without spaces."
        : null;

    /// <summary>Whether a text is what a browser sends as <c>Origin</c>: scheme, host and, unless it is the scheme's own, port.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && text == $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex IdPattern();
}
