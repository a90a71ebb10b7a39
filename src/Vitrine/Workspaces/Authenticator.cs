using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Vitrine.Workspaces;

/// <summary>What became of a request's credentials.</summary>
public enum AuthenticationOutcome
{
    /// <summary>The environment and the key fit.</summary>
    Accepted,

    /// <summary>The tenant header is missing or names no workspace.</summary>
    UnknownTenant,

    /// <summary>The Authorization header is missing, malformed, for another workspace, or its key is wrong.</summary>
    InvalidCredentials,
}

/// <summary>Tells which environment a request speaks for.</summary>
/// <remarks>
/// A key's SHA-256 is compared with the stored ones in constant time. Keys have 256 random bits, so a slow hash would
/// add nothing but load. The header that was accepted last is kept beside its environment in memory and compared first,
/// in constant time too: a server that reports events sends the same one each time. It lives as long as the snapshot of
/// the catalog, so a rotated key is checked anew at once, and an expiring one each time. Thread safe; allocates nothing
/// when it accepts.
/// </remarks>
public sealed class Authenticator(ICatalog catalog, TimeProvider time)
{
    private const string Scheme = "Basic ";
    private const int MaximumCredentialsLength = 1024;

    /// <summary>
    /// Checks <c>MOE-APPKEY</c> (or its old alias <c>MOE-DBNAME</c>) and then Basic credentials, whose user name must
    /// be the same id.
    /// </summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="caller">For whom it speaks, if it is accepted. What a client key may do is for whoever asks to say.</param>
    public AuthenticationOutcome Authenticate(IHeaderDictionary headers, out Caller caller)
    {
        caller = default;
        var tenant = TenantHeader(headers);
        if (tenant is null || catalog.Current.Find(tenant) is not { } found)
        {
            return AuthenticationOutcome.UnknownTenant;
        }

        var secret = AcceptedBefore(headers.Authorization, found) ?? SecretKeyOf(headers.Authorization, found);
        caller = new Caller(found, secret, secret is null ? ClientKeyOf(headers.Authorization, found) : null);
        return caller is { Secret: null, Client: null } ? AuthenticationOutcome.InvalidCredentials : AuthenticationOutcome.Accepted;
    }

    /// <summary>Checks the id of an environment and a client key of its workspace that stand in an address, where no header can be sent.</summary>
    public AuthenticationOutcome AuthenticateClient(string? environmentId, string? key, out Caller caller)
    {
        caller = default;
        if (environmentId is null || catalog.Current.Find(environmentId) is not { } found)
        {
            return AuthenticationOutcome.UnknownTenant;
        }

        caller = new Caller(found, null, Find(found, Encoding.UTF8.GetBytes(key ?? "")));
        return caller.Client is null ? AuthenticationOutcome.InvalidCredentials : AuthenticationOutcome.Accepted;
    }

    /// <summary>
    /// Checks Basic credentials alone, as the report API takes them: the user name says which environment is meant.
    /// A tenant header, when sent, must say the same.
    /// </summary>
    public Caller? AuthenticateByUserName(IHeaderDictionary headers)
    {
        Span<byte> credentials = stackalloc byte[MaximumCredentialsLength];
        if (!TryDecode(headers.Authorization, credentials, out var userLength, out _))
        {
            return null;
        }

        var user = Encoding.UTF8.GetString(credentials[..userLength]);
        return catalog.Current.Find(user) is { } found
            && TenantHeader(headers) is var tenant && (tenant is null || tenant == user)
            && SecretKeyOf(headers.Authorization, found) is { } key
                ? new Caller(found, key, null)
                : null;
    }

    /// <summary>By which a key is named without being told: the first eight digits of its hash. Of a request that was authenticated.</summary>
    public static string Fingerprint(IHeaderDictionary headers)
    {
        Span<byte> credentials = stackalloc byte[MaximumCredentialsLength];
        _ = TryDecode(headers.Authorization, credentials, out var userLength, out var length);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(credentials[(userLength + 1)..length]).AsSpan(0, 4));
        CryptographicOperations.ZeroMemory(credentials[..length]);
        return fingerprint;
    }

    private static string? TenantHeader(IHeaderDictionary headers)
    {
        var value = headers["MOE-APPKEY"];
        return StringValues.IsNullOrEmpty(value) ? (string?)headers["MOE-DBNAME"] : (string?)value;
    }

    private static ApiKey? AcceptedBefore(StringValues authorization, WorkspaceEnvironment environment) =>
        authorization is [{ } header]
        && environment.Accepted is { } accepted
        && CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(header.AsSpan()), MemoryMarshal.AsBytes(accepted.Authorization.AsSpan()))
            ? accepted.Key
            : null;

    private ApiKey? SecretKeyOf(StringValues authorization, WorkspaceEnvironment environment)
    {
        Span<byte> credentials = stackalloc byte[MaximumCredentialsLength];
        if (!TryDecode(authorization, credentials, out var userLength, out var length)
            || !credentials[..userLength].SequenceEqual(environment.Utf8Id.Span))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(credentials[(userLength + 1)..length], hash);
        ApiKey? found = null;
        foreach (var key in environment.Workspace.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash) && key.IsValidAt(time.GetUtcNow()))
            {
                found = found is { ExpiresAt: null } ? found : key;
            }
        }

        CryptographicOperations.ZeroMemory(credentials[..length]);
        if (found is { ExpiresAt: null })
        {
            environment.Accepted = new AcceptedCredentials(authorization[0]!, found);
        }

        return found;
    }

    private ClientKey? ClientKeyOf(StringValues authorization, WorkspaceEnvironment environment)
    {
        Span<byte> credentials = stackalloc byte[MaximumCredentialsLength];
        return TryDecode(authorization, credentials, out var userLength, out var length) && credentials[..userLength].SequenceEqual(environment.Utf8Id.Span)
            ? Find(environment, credentials[(userLength + 1)..length])
            : null;
    }

    private ClientKey? Find(WorkspaceEnvironment environment, ReadOnlySpan<byte> key)
    {
        foreach (var client in environment.Workspace.ClientKeys)
        {
            if (Ascii.Equals(key, client.Key) && client.IsValidAt(time.GetUtcNow()))
            {
                return client;
            }
        }

        return null;
    }

    private static bool TryDecode(StringValues authorization, Span<byte> credentials, out int userLength, out int length)
    {
        userLength = length = 0;
        if (authorization.Count != 1
            || authorization[0] is not { } header
            || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), credentials, out length))
        {
            return false;
        }

        userLength = credentials[..length].IndexOf((byte)':');
        return userLength >= 0;
    }
}
