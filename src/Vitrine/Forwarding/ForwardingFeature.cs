using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary>Puts forwarding into a server.</summary>
public static class ForwardingFeature
{
    /// <summary>Adds the targets' workers, and what tells of them.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services, ForwardingOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ForwardingMetrics>()
        .AddSingleton<CountedItems>()
        .AddSingleton<Replay>()
        .AddSingleton<Forwarder>()
        .AddHostedService(static provider => provider.GetRequiredService<Forwarder>());

    /// <summary>Maps <c>/api/v1/forwarding</c>.</summary>
    public static void MapForwarding(this WebApplication application) => ForwardingEndpoints.Map(application.MapManagementApi());
}
