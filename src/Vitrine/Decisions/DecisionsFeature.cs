using Vitrine.Experiences;
using Vitrine.Experiences.Geography;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary>Puts the deciding of experiences into a server.</summary>
public static class DecisionsFeature
{
    /// <summary>Adds what is decided by and who decides.</summary>
    /// <exception cref="GeographyException">The file of places cannot be read.</exception>
    public static IServiceCollection AddDecisions(this IServiceCollection services, ServerOptions options) => services
        .AddSingleton(new PlaceSource(Places.Open(options.Geography)))
        .AddSingleton<DeliveryCounters>()
        .AddSingleton<DeliveryJournal>()
        .AddHostedService(static provider => provider.GetRequiredService<DeliveryJournal>())
        .AddSingleton<ExperienceCompiler>()
        .AddSingleton<DecisionSource>()
        .AddSingleton<VersionSource>()
        .AddSingleton<PreviewSource>()
        .AddSingleton<FetchReading>()
        .AddSingleton<FetchEndpoint>()
        .AddSingleton<MetadataEndpoint>();

    /// <summary>Maps fetch and metadata.</summary>
    public static void MapDecisions(this WebApplication application)
    {
        FetchEndpoint.Map(application, application.Services.GetRequiredService<FetchEndpoint>());
        MetadataEndpoint.Map(application, application.Services.GetRequiredService<MetadataEndpoint>());
        ClientAccess.MapPreflight(application, FetchEndpoint.Path, HttpMethods.Post);
        ClientAccess.MapPreflight(application, MetadataEndpoint.Path, HttpMethods.Get);
        var api = application.MapAuthoringApi();
        PreviewEndpoint.Map(api);
        SimulationEndpoint.Map(api);
    }
}
