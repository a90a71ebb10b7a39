using Vitrine.Workspaces;

namespace Vitrine.Experiments;

/// <summary>Puts the results of experiments into a server.</summary>
public static class ExperimentsFeature
{
    /// <summary>Adds who answers questions about experiments.</summary>
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services.AddSingleton<ExperimentSource>();

    /// <summary>Maps <c>GET /api/v1/reports/experiences/{experienceId}/experiment</c>.</summary>
    public static void MapExperiments(this WebApplication application) => ExperimentEndpoint.Map(application.MapManagementApi());
}
