using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Vitrine.People;

namespace Vitrine.Dashboard;

/// <summary>
/// Looks each second whether who opened a page is still signed in and still what the cookie says. A page has one connection
/// for hours, in which no cookie is sent; once the person was removed, has another role or password, or signed out, all that
/// the page shows is taken away.
/// </summary>
internal sealed class SessionRevalidation(PersonStore people, EndedSessions ended, ILoggerFactory logs) : RevalidatingServerAuthenticationStateProvider(logs)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(IsValid(authenticationState.User));

    private bool IsValid(ClaimsPrincipal user) => user.Identity?.IsAuthenticated != true || Session.Find(people, ended, user) is not null;
}
