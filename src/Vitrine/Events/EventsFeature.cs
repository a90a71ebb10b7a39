using Vitrine.Workspaces;

namespace Vitrine.Events;

/// <summary>Puts the reporting of events into a server.</summary>
public static class EventsFeature
{
    /// <summary>Adds what the endpoint needs.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventsMetrics>()
        .AddSingleton<EventOutcomes>()
        .AddSingleton<EventsEndpoint>();

    /// <summary>Maps <c>POST /v1/experiences/events</c>.</summary>
    public static void MapEvents(this WebApplication application)
    {
        EventsEndpoint.Map(application, application.Services.GetRequiredService<EventsEndpoint>());
        ClientAccess.MapPreflight(application, EventsEndpoint.Path, HttpMethods.Post);
    }
}
