using System.Security.Claims;

namespace Vitrine.People;

/// <summary>Finds, or makes, the person whom a sign-in service vouches for.</summary>
/// <remarks>
/// A person is recognised by the service's own identifier (<c>iss</c> and <c>sub</c>, which OpenID Connect Core 1.0, section
/// 5.7, calls the only ones to rely on), and by name only the first time: whoever is given a name that somebody else had is
/// not that person. Whoever was removed here stays removed, whatever the service says.
/// </remarks>
public sealed class OpenIdPeople(PersonStore people, OpenIdOptions options)
{
    private const string By = "sign-in service";
    private const int Attempts = 3;

    /// <summary>The person.</summary>
    /// <param name="claims">What the service says, checked.</param>
    /// <exception cref="OpenIdRefusedException">The person may not sign in.</exception>
    public Person Recognise(ClaimsPrincipal claims)
    {
        var subject = claims.FindFirstValue("sub") is { Length: > 0 } id ? $"{claims.FindFirstValue("iss")} {id}" : throw new OpenIdRefusedException(OpenIdRefusal.Nameless);
        var name = PersonRules.Normalise(claims.FindFirstValue(options.NameClaim) ?? "");
        var role = options.RoleClaim is null ? (Role?)null : RoleOf(claims) ?? throw new OpenIdRefusedException(OpenIdRefusal.NoRole);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Recognise(claims, subject, name, role);
            }
            catch (PersonRefusedException) when (attempt < Attempts)
            {
                // The same person signs in twice at once, and the other one was first.
            }
            catch (PersonRefusedException)
            {
                throw new OpenIdRefusedException(OpenIdRefusal.Unconfirmed);
            }
        }
    }

    private Person Recognise(ClaimsPrincipal claims, string subject, string name, Role? role)
    {
        if (people.FindBySubject(subject) is { } known)
        {
            return role is null || role == known.Role ? known : people.SetRoleAsSaid(By, known.Name, role.Value);
        }

        if (PersonRules.WhyNotName(name) is not null)
        {
            throw new OpenIdRefusedException(OpenIdRefusal.Nameless);
        }

        if (options.NameClaim == "email" && string.Equals(claims.FindFirstValue("email_verified"), "false", StringComparison.OrdinalIgnoreCase))
        {
            throw new OpenIdRefusedException(OpenIdRefusal.Unverified);
        }

        if (people.Find(name) is { } named)
        {
            return named.Subject is null ? people.Bind(By, name, subject, role ?? named.Role) : throw new OpenIdRefusedException(OpenIdRefusal.SomebodyElse);
        }

        return people.WasRemoved(name, subject) ? throw new OpenIdRefusedException(OpenIdRefusal.Removed)
            : (role ?? options.RoleOfStrangers) is { } given ? people.CreateElsewhere(By, name, given, subject)
            : throw new OpenIdRefusedException(OpenIdRefusal.Unknown);
    }

    /// <summary>The highest role that the service gives; null when it gives none.</summary>
    private Role? RoleOf(ClaimsPrincipal claims) => claims.FindAll(options.RoleClaim!)
        .Max(static claim => claim.Value switch
        {
            "vitrine-viewer" => Role.Viewer,
            "vitrine-editor" => Role.Editor,
            "vitrine-admin" => Role.Admin,
            _ => (Role?)null,
        });
}

/// <summary>Why somebody whom the sign-in service knows may not come in.</summary>
public enum OpenIdRefusal
{
    /// <summary>The service did not confirm who it is.</summary>
    Unconfirmed,

    /// <summary>The service cannot be reached.</summary>
    Unreachable,

    /// <summary>The service gives no name that could be a person's.</summary>
    Nameless,

    /// <summary>The service did not verify that the e-mail address is the person's.</summary>
    Unverified,

    /// <summary>The service gives none of the roles.</summary>
    NoRole,

    /// <summary>Nobody here has the name.</summary>
    Unknown,

    /// <summary>The name is another identity's.</summary>
    SomebodyElse,

    /// <summary>An admin removed the person.</summary>
    Removed,
}

/// <summary>Somebody may not come in.</summary>
public sealed class OpenIdRefusedException(OpenIdRefusal reason) : Exception(reason.ToString())
{
    /// <summary>Why.</summary>
    public OpenIdRefusal Reason { get; } = reason;
}
