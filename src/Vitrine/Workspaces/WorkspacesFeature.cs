using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>Puts the workspaces into a server.</summary>
public static class WorkspacesFeature
{
    /// <summary>Adds the catalog and who asks it.</summary>
    public static IServiceCollection AddWorkspaces(this IServiceCollection services, DataDirectory directory) => services
        .AddSingleton<RefusedRequests>()
        .AddSingleton<ICatalog>(provider => new SqliteCatalog(directory.Catalog, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Authenticator>()
        .AddSingleton<RateLimiter>()
        .AddSingleton<ClientAccess>()
        .AddHostedService<CatalogWatcher>();
}
