using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor.Services;
using Vitrine.Dashboard.Pages;
using Vitrine.Dashboard.SignIn;
using Vitrine.Hosting;
using Vitrine.People;

namespace Vitrine.Dashboard;

/// <summary>Puts the dashboard into a server.</summary>
public static class DashboardFeature
{
    private static readonly string[] ForPrograms = ["/v1", "/api", "/core-services", "/healthz", "/metrics", "/sdk"];

    /// <summary>What a page may send at once: a whole draft, whose largest value has 64 KiB, many times over.</summary>
    private const int MaximumMessageBytes = 1 << 20;

    /// <summary>Adds pages, sessions and who may see what.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DataDirectory directory, ServerOptions options)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(static hub => hub.MaximumReceiveMessageSize = MaximumMessageBytes);
        services.AddMudServices();
        services.AddAntiforgery(static antiforgery => antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddDataProtection().SetApplicationName("vitrine").PersistKeysToFileSystem(directory.SessionKeys());
        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(Session.Configure);
        if (options.OpenId.IsUsed)
        {
            OpenIdSignIn.Add(authentication, options.OpenId);
        }

        services.AddAuthorization(static authorization =>
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                authorization.AddPolicy(role.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Session.RoleOf(context.User) >= role));
            }
        });
        return services
            .AddHostedService<FirstFigures>()
            .AddSingleton<WebAssets>()
            .AddSingleton<Concerns>()
            .AddSingleton<EndedSessions>()
            .AddScoped<AuthenticationStateProvider, SessionRevalidation>()
            .AddScoped<SignedIn>()
            .AddScoped<Workbench>()
            .AddScoped<Administration>();
    }

    /// <summary>Maps the pages at <c>/</c> and what they load.</summary>
    public static void MapDashboard(this WebApplication application, ServerOptions options)
    {
        // Otherwise the host puts these before everything else, where nobody has said yet by which address a page was asked for.
        foreach (var middleware in new[] { "__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet" })
        {
            ((IApplicationBuilder)application).Properties[middleware] = true;
        }

        application.UseWhen(static context => IsOfDashboard(context.Request.Path), pages =>
        {
            if (options.TrustedProxies.Count > 0)
            {
                pages.UseForwardedHeaders(ForwardedBy(options.TrustedProxies));
            }

            if (options.PublicUrl is { } address)
            {
                pages.Use((context, next) =>
                {
                    (context.Request.Scheme, context.Request.Host) = (address.Scheme, HostString.FromUriComponent(address));
                    return next(context);
                });
            }

            pages.Use(ContentSecurity.AddAsync);
            pages.UseAuthentication();
            pages.UseAuthorization();
            pages.UseAntiforgery();
        });
        application.Services.GetRequiredService<WebAssets>().Map(application);
        Downloads.Map(application);
        if (options.OpenId.IsUsed)
        {
            OpenIdSignIn.Map(application);
        }

        application.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(static server => server.ContentSecurityFrameAncestorsPolicy = null) // All of the policy stands in one place.
            .ExcludeFromDescription();
    }

    private static ForwardedHeadersOptions ForwardedBy(IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            forwarded.KnownIPNetworks.Add(proxy);
        }

        return forwarded;
    }

    /// <summary>The interfaces for programs know no sessions, and pay nothing for them.</summary>
    private static bool IsOfDashboard(PathString path)
    {
        foreach (var prefix in ForPrograms) // Each request comes here, so nothing is allocated.
        {
            if (path.StartsWithSegments(prefix, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
