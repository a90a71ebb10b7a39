namespace Vitrine.Experiences;

/// <summary>Puts the authoring of experiences into a server.</summary>
public static class ExperiencesFeature
{
    /// <summary>Adds the experiences and who changes them.</summary>
    public static IServiceCollection AddExperiences(this IServiceCollection services) => services
        .AddSingleton<ExperienceStore>()
        .AddSingleton<ExperienceAuthoring>();

    /// <summary>Maps the authoring below <c>/api/v1</c>.</summary>
    public static void MapExperiences(this WebApplication application)
    {
        var api = application.MapAuthoringApi();
        ExperienceEndpoints.Map(api);
        LifecycleEndpoints.Map(api);
        VersionEndpoints.Map(api);
        CatalogEndpoints.Map(api);
    }
}
