namespace Vitrine.Goals;

/// <summary>Puts the reporting of goal events into a server.</summary>
public static class GoalsFeature
{
    /// <summary>Adds what the endpoint needs.</summary>
    public static IServiceCollection AddGoals(this IServiceCollection services) => services
        .AddSingleton<GoalsMetrics>()
        .AddSingleton<GoalsEndpoint>();

    /// <summary>Maps <c>POST /v1/event/{workspaceId}</c>.</summary>
    public static void MapGoals(this WebApplication application) =>
        GoalsEndpoint.Map(application, application.Services.GetRequiredService<GoalsEndpoint>());
}
