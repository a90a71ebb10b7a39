using Vitrine.Workspaces;

namespace Vitrine.Demo;

/// <summary>Puts a shop with made-up customers into a server that is to be looked at. A normal start has nothing of it.</summary>
public static class DemoFeature
{
    /// <summary>Adds the shop and its customers.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services) => services
        .AddSingleton(static provider => new DemoKey(DemoShop.Open(provider.GetRequiredService<ICatalog>())))
        .AddSingleton<DemoShop>()
        .AddHostedService<DemoTraffic>();
}
