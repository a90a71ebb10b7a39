using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;
using Vitrine.Hosting;
using Vitrine.People;

namespace Vitrine.Dashboard;

/// <summary>Puts the dashboard into a server.</summary>
public static class DashboardFeature
{
    private static readonly string[] ForPrograms = ["/v1", "/api", "/core-services", "/healthz", "/metrics"];

    /// <summary>Adds pages, sessions and who may see what.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DataDirectory directory)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddDataProtection().SetApplicationName("vitrine").PersistKeysToFileSystem(directory.SessionKeys());
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(Session.Configure);
        services.AddAuthorization(static authorization =>
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                authorization.AddPolicy(role.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Session.RoleOf(context.User) >= role));
            }
        });
        return services
            .AddSingleton<WebAssets>()
            .AddScoped<SignedIn>()
            .AddScoped<Workbench>()
            .AddScoped<Administration>();
    }

    /// <summary>Maps the pages at <c>/</c> and what they load.</summary>
    public static void MapDashboard(this WebApplication application)
    {
        application.UseWhen(static context => IsOfDashboard(context.Request.Path), static pages =>
        {
            pages.Use(ContentSecurity.AddAsync);
            pages.UseAuthentication();
            pages.UseAuthorization();
            pages.UseAntiforgery();
        });
        application.Services.GetRequiredService<WebAssets>().Map(application);
        Downloads.Map(application);
        application.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(static server => server.ContentSecurityFrameAncestorsPolicy = null) // All of the policy stands in one place.
            .ExcludeFromDescription();
    }

    /// <summary>The interfaces for programs know no sessions, and pay nothing for them.</summary>
    private static bool IsOfDashboard(PathString path) => !ForPrograms.Any(prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal));
}
