using System.Text;
using NodaTime;

namespace Vitrine.Workspaces;

/// <summary>A tenant: its data, its keys and its time zone are its own.</summary>
/// <param name="Id">1–64 letters, digits, <c>_</c> or <c>-</c>; not ending in <c>_DEBUG</c>.</param>
/// <param name="TimeZone">The zone in which its reports count days unless a request names another. Default UTC.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Keys">Its secret keys that are not yet known to be expired.</param>
/// <param name="ClientKeys">Its client keys that are not yet known to be expired, the newest first.</param>
/// <param name="Settings">What else is set up for it.</param>
public sealed record Workspace(
    string Id, DateTimeZone TimeZone, DateTimeOffset CreatedAt, IReadOnlyList<ApiKey> Keys, IReadOnlyList<ClientKey> ClientKeys, WorkspaceSettings Settings)
{
    /// <summary>What stands in the place of its customers' ids; null: they are stored as they are sent.</summary>
    public Pseudonyms? Pseudonyms { get; } = Settings.PseudonymKey is { } key ? new Pseudonyms(key) : null;

    /// <summary>The id under which a customer is stored.</summary>
    public string StoredId(string customerId) => Pseudonyms?.Of(customerId) ?? customerId;

    /// <summary>The id under which a customer is stored, UTF-8.</summary>
    public byte[] StoredId(byte[] customerId) => Pseudonyms?.Of(customerId) ?? customerId;
}

/// <summary>A secret key, of which only the hash is kept.</summary>
/// <param name="Hash">SHA-256 of the key's UTF-8 bytes.</param>
/// <param name="ExpiresAt">From then on it opens nothing; null: until it is replaced.</param>
/// <param name="RequestsPerMinute">How many requests are taken in a minute of the clock; null: any number.</param>
public sealed record ApiKey(byte[] Hash, DateTimeOffset? ExpiresAt, int? RequestsPerMinute)
{
    /// <summary>By which it is named without being told.</summary>
    public string Name { get; } = Convert.ToHexStringLower(Hash);

    /// <summary>Whether it opens anything at a moment.</summary>
    public bool IsValidAt(DateTimeOffset moment) => ExpiresAt is not { } end || moment < end;
}

/// <summary>
/// The live or the test side of a workspace. They share keys and settings and never see each other's data.
/// </summary>
public sealed class WorkspaceEnvironment(Workspace workspace, bool isTest)
{
    /// <summary>What a client appends to its workspace id to speak to the test environment.</summary>
    public const string TestSuffix = "_DEBUG";

    /// <summary>The workspace id, with the suffix <c>_DEBUG</c> for the test environment.</summary>
    public string Id { get; } = isTest ? workspace.Id + TestSuffix : workspace.Id;

    /// <summary><see cref="Id"/> in UTF-8, as the journal stores it.</summary>
    public ReadOnlyMemory<byte> Utf8Id { get; } = Encoding.UTF8.GetBytes(isTest ? workspace.Id + TestSuffix : workspace.Id);

    /// <summary>The workspace.</summary>
    public Workspace Workspace { get; } = workspace;

    /// <summary>The last <c>Authorization</c> header that was accepted with a key that does not expire, and that key.</summary>
    internal AcceptedCredentials? Accepted { get; set; }
}

/// <summary>Credentials that were accepted.</summary>
/// <param name="Authorization">The header.</param>
/// <param name="Key">The key in it.</param>
internal sealed record AcceptedCredentials(string Authorization, ApiKey Key);
