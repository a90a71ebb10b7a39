using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Vitrine.People;

namespace Vitrine.Dashboard;

/// <summary>The cookie by which a browser stays signed in.</summary>
/// <remarks>
/// It holds the person's name, role and stamp, encrypted and authenticated. With every request, and with everything that
/// a page does, the person is looked up again: another role, another password or a removal holds at once.
/// </remarks>
internal static class Session
{
    private const string StampClaim = "stamp";
    private const string IdClaim = "session";

    /// <summary>How long a cookie is good for from its last use.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromHours(12);

    /// <summary>Sets the cookie up.</summary>
    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "vitrine";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax; // Strict would sign out whoever follows a link from a mail.
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Life;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/not-allowed";
        options.Events.OnValidatePrincipal = static context =>
        {
            var services = context.HttpContext.RequestServices;
            if (Find(services.GetRequiredService<PersonStore>(), services.GetRequiredService<EndedSessions>(), context.Principal) is null)
            {
                context.RejectPrincipal();
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>What a cookie is to say of a person.</summary>
    public static ClaimsPrincipal Of(Person person) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, person.Name), new Claim(ClaimTypes.Role, person.Role.ToString()), new Claim(StampClaim, person.Stamp), new Claim(IdClaim, Guid.NewGuid().ToString("N"))],
        CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>The person whom a cookie names, if the person is still what the cookie says.</summary>
    public static Person? Find(PersonStore people, EndedSessions ended, ClaimsPrincipal? principal) =>
        principal?.Identity?.Name is { } name
        && people.Find(name) is { } person
        && person.Stamp == principal.FindFirstValue(StampClaim)
        && principal.FindFirstValue(IdClaim) is { } id && !ended.Contains(id)
            ? person
            : null;

    /// <summary>The role that a cookie says; null where it says none.</summary>
    public static Role? RoleOf(ClaimsPrincipal principal) => Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role) ? role : null;

    /// <summary>Signs whoever asks out, on this page and on all others that were opened with the same cookie.</summary>
    public static Task EndAsync(HttpContext context)
    {
        if (context.User is { Identity.Name: { } name } user && user.FindFirstValue(IdClaim) is { } id)
        {
            context.RequestServices.GetRequiredService<EndedSessions>().Add(name, id);
        }

        return context.SignOutAsync();
    }

    /// <summary>Signs a person in.</summary>
    public static Task BeginAsync(HttpContext context, Person person) => context.SignInAsync(Of(person));
}
