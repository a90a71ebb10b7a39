using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Routing;
using Vitrine.Dashboard;
using Vitrine.Experiences;
using Vitrine.People;
using Vitrine.Privacy;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Dashboard;

public sealed class AuthorizationTests(SharedServer shared)
{
    /// <summary>Every address for people and who may open it; null: anybody. A new one is a decision.</summary>
    private static readonly Dictionary<string, Role?> Addresses = new()
    {
        ["/"] = Role.Viewer,
        ["/not-allowed"] = Role.Viewer,
        ["/not-found"] = null,
        ["/sign-in"] = null,
        ["/sign-out"] = null,
        ["/welcome"] = null,
        ["/assets/{hash}/{name}"] = null,
        ["/w/{EnvironmentId}/calculator"] = Role.Viewer,
        ["/w/{EnvironmentId}/connect"] = Role.Viewer,
        ["/w/{EnvironmentId}/experiences"] = Role.Viewer,
        ["/w/{EnvironmentId}/experiences/new"] = Role.Editor,
        ["/w/{EnvironmentId}/experiences/{ExperienceId}"] = Role.Viewer,
        ["/w/{EnvironmentId}/experiences/{ExperienceId}/edit"] = Role.Editor,
        ["/w/{EnvironmentId}/live"] = Role.Viewer,
        ["/w/{EnvironmentId}/settings"] = Role.Viewer,
        ["/w/{environmentId}/download/exports/events"] = Role.Viewer,
        ["/w/{environmentId}/download/exports/goal-events"] = Role.Viewer,
        ["/w/{environmentId}/download/reports/experiences"] = Role.Viewer,
        ["/w/{environmentId}/download/reports/experiences/{experienceId}"] = Role.Viewer,
    };

    [Fact]
    public void Every_address_for_people_is_known_here()
    {
        var mapped = shared.Server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null)
            .Select(static endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(static path => !new[] { "/_", "/docs", "/openapi", "/healthz", "/sdk", "/v1" }.Any(path.StartsWith))
            .Distinct();
        mapped.Order(StringComparer.Ordinal).ShouldBe(Addresses.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Editor)]
    [InlineData(Role.Admin)]
    public async Task An_address_opens_for_its_role_and_those_above(Role? role)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        using var browser = await SignedInBrowser.OpenAsync(shared.Server, role);
        foreach (var (address, needed) in Addresses.Where(static one => !one.Key.Contains("{hash}", StringComparison.Ordinal)))
        {
            var path = address.Replace("{EnvironmentId}", shop.Id, StringComparison.OrdinalIgnoreCase).Replace("{ExperienceId}", "66d55ae445921e4d35ae4368", StringComparison.OrdinalIgnoreCase);
            using var answer = await browser.GetAsync(path);
            var mayOpen = needed is null || role >= needed;
            answer.StatusCode.ShouldBe(mayOpen ? address == "/not-found" ? answer.StatusCode : HttpStatusCode.OK : HttpStatusCode.Found, $"{role} {path}");
            if (!mayOpen)
            {
                answer.Headers.Location!.ToString().ShouldContain(role is null ? "/sign-in?ReturnUrl=" : "/not-allowed");
            }
        }
    }

    /// <summary>The pages are drawn by what a person may do, and what they do asks again: whoever calls it past the page is refused.</summary>
    [Fact]
    public async Task Every_action_is_refused_below_its_role_and_changes_nothing()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Experiences.Authoring.Document());
        var environment = shared.Server.Catalog.Current.Find(shop.Id)!;
        var stored = shared.Server.Service<ExperienceStore>().Of(shop.Id).ByKey["checkout-banner"];
        var people = shared.Server.Service<PersonStore>();
        foreach (var (type, needed) in new[] { (typeof(Workbench), Role.Editor), (typeof(Administration), Role.Admin) })
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                foreach (var role in new Role?[] { null, Role.Viewer, Role.Editor }.Where(role => role is null || role < needed))
                {
                    var signedIn = new SignedIn(new Somebody(people, role), people, shared.Server.Service<EndedSessions>());
                    var actions = type == typeof(Workbench)
                        ? (object)new Workbench(signedIn, shared.Server.Service<ExperienceAuthoring>())
                        : new Administration(signedIn, shared.Server.Catalog, people, shared.Server.Service<ExperienceAuthoring>(), shared.Server.Service<ErasureRequests>(), shared.Server.Service<ErasureList>());
                    if (method.Name == nameof(Administration.ChangeOwnPasswordAsync) && role is not null)
                    {
                        continue; // Everybody's own.
                    }

                    var arguments = method.GetParameters().Select(parameter => Argument(parameter, environment, stored)).ToArray();
                    await Should.ThrowAsync<NotAllowedException>(() => (Task)method.Invoke(actions, arguments)!, $"{method.Name} by {role}");
                }
            }
        }

        shared.Server.Service<ExperienceStore>().Of(shop.Id).ByKey["checkout-banner"].Revision.ShouldBe(stored.Revision);
    }

    [Fact]
    public async Task A_role_that_is_taken_away_is_gone_with_the_next_thing_that_its_holder_tries()
    {
        var people = shared.Server.Service<PersonStore>();
        people.Create("test", "another-admin", Role.Admin, SignedInBrowser.Password);
        var somebody = new Somebody(people, Role.Editor);
        var signedIn = new SignedIn(somebody, people, shared.Server.Service<EndedSessions>());
        (await signedIn.DemandAsync(Role.Editor)).Role.ShouldBe(Role.Editor);
        people.SetRole("test", somebody.Name!, Role.Viewer);
        await Should.ThrowAsync<NotAllowedException>(() => signedIn.DemandAsync(Role.Editor));
        await Should.ThrowAsync<NotAllowedException>(() => signedIn.DemandAsync(Role.Viewer)); // The stamp changed: signed out.
    }

    [Fact]
    public async Task The_interfaces_for_programs_know_no_sessions()
    {
        var shop = shared.OpenShop();
        using var browser = await SignedInBrowser.OpenAsync(shared.Server, Role.Admin);
        (await browser.GetAsync("/api/v1/reports/experiences")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync($"/w/{shop.Id}-not/download/exports/events")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static object? Argument(ParameterInfo parameter, WorkspaceEnvironment environment, StoredExperience stored) =>
        parameter.ParameterType == typeof(WorkspaceEnvironment) ? environment
        : parameter.ParameterType == typeof(StoredExperience) ? stored
        : parameter.ParameterType == typeof(string) ? "something-new"
        : parameter.ParameterType == typeof(NodaTime.DateTimeZone) ? NodaTime.DateTimeZone.Utc
        : parameter.ParameterType == typeof(ControlGroup) ? new ControlGroup(1)
        : parameter.ParameterType == typeof(IReadOnlyList<string>) ? Array.Empty<string>()
        : Activator.CreateInstance(parameter.ParameterType);

    /// <summary>A connection of a page that a person of a role opened.</summary>
    private sealed class Somebody : AuthenticationStateProvider
    {
        private readonly AuthenticationState _state;

        public Somebody(PersonStore people, Role? role)
        {
            var person = role is { } known ? people.Create("test", $"{known}-{Guid.NewGuid():N}", known, SignedInBrowser.Password) : null;
            Name = person?.Name;
            _state = new AuthenticationState(person is null ? new() : Session.Of(person));
        }

        public string? Name { get; }

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(_state);
    }
}
