using Microsoft.AspNetCore.Components.Authorization;
using Vitrine.People;

namespace Vitrine.Dashboard;

/// <summary>Who looks at the pages. Lives as long as a page's connection.</summary>
/// <remarks>
/// A page stays open for hours: what a person may do is asked of the store each time, not of the cookie that opened the
/// page. Whatever changes something begins with <see cref="DemandAsync"/>.
/// </remarks>
internal sealed class SignedIn(AuthenticationStateProvider state, PersonStore people, EndedSessions ended)
{
    /// <summary>The person; null when nobody is signed in any more.</summary>
    public async Task<Person?> FindAsync() => Session.Find(people, ended, (await state.GetAuthenticationStateAsync()).User);

    /// <summary>The person, who may do what the role may.</summary>
    /// <exception cref="NotAllowedException">The person may not, or is signed out.</exception>
    public async Task<Person> DemandAsync(Role role) =>
        await FindAsync() is { } person && person.Role >= role ? person : throw new NotAllowedException(role);
}

/// <summary>Somebody tried what the person's role does not allow.</summary>
internal sealed class NotAllowedException(Role role) : Exception($"Only who is {role.ToString().ToLowerInvariant()} may do this.");
