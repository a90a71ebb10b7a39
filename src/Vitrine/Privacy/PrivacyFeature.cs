using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>Puts the rights of customers into a server: to be erased, and to be told what is known of them.</summary>
public static class PrivacyFeature
{
    /// <summary>Adds what the endpoints need, and who carries erasures out.</summary>
    public static IServiceCollection AddPrivacy(this IServiceCollection services, PrivacyOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ErasureRequests>()
        .AddSingleton<ErasureList>()
        .AddSingleton<IdentityLookup>()
        .AddSingleton<OpenGdprEndpoint>()
        .AddSingleton<CustomerExport>()
        .AddSingleton<RestoredErasures>()
        .AddHostedService<Eraser>();

    /// <summary>Maps <c>POST /v1/opengdpr_requests/{workspaceId}</c> and what is below <c>/api/v1</c>.</summary>
    public static void MapPrivacy(this WebApplication application)
    {
        OpenGdprEndpoint.Map(application, application.Services.GetRequiredService<OpenGdprEndpoint>());
        PrivacyEndpoints.Map(application.MapManagementApi());
    }
}
