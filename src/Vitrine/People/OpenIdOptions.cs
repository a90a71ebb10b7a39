namespace Vitrine.People;

/// <summary>A service at which people sign in, by OpenID Connect 1.0. Immutable.</summary>
public sealed record OpenIdOptions
{
    /// <summary>Where its discovery document lies, without <c>/.well-known/openid-configuration</c>: https, or http on this machine. Default: none, and people sign in with passwords only.</summary>
    public Uri? Authority { get; init; }

    /// <summary>By what the service knows this server. Needed with <see cref="Authority"/>.</summary>
    public string? ClientId { get; init; }

    /// <summary>By what this server proves that it is itself; null for a public client, for which PKCE alone vouches.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The claim that names a person. Default <c>email</c>, which the service must not call unverified.</summary>
    public string NameClaim { get; init; } = "email";

    /// <summary>
    /// The claim that holds a person's roles, of which <c>vitrine-viewer</c>, <c>vitrine-editor</c> and <c>vitrine-admin</c> count, with each
    /// sign-in anew. Default: none, and roles are given here.
    /// </summary>
    public string? RoleClaim { get; init; }

    /// <summary>The role of whoever the service knows and nobody here. Default: none, and strangers are refused.</summary>
    public Role? RoleOfStrangers { get; init; }

    /// <summary>Whether people can sign in there.</summary>
    public bool IsUsed => Authority is not null;

    /// <summary>What is wrong, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (Authority is { } authority && authority.Scheme != Uri.UriSchemeHttps && !(authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback))
        {
            yield return $"'{authority}' cannot be a sign-in service: its address begins with https://.";
        }

        if (IsUsed && string.IsNullOrEmpty(ClientId))
        {
            yield return "A sign-in service needs the id by which it knows this server: --openid-client-id.";
        }

        if (!IsUsed && (ClientId ?? ClientSecret ?? RoleClaim) is not null)
        {
            yield return "Say where the sign-in service is: --openid-authority.";
        }

        if (RoleClaim is not null && RoleOfStrangers is not null)
        {
            yield return "Either a claim gives roles (--openid-role-claim) or strangers get one (--openid-strangers), not both.";
        }
    }
}
