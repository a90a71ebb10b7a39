using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary>Puts the profiles of customers into a server.</summary>
public static class CustomersFeature
{
    /// <summary>Adds what the endpoints need.</summary>
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services
        .AddSingleton<CustomersMetrics>()
        .AddSingleton<CustomerSource>()
        .AddSingleton<CustomerChanges>()
        .AddSingleton<CustomerUpdateEndpoint>();

    /// <summary>Maps <c>POST /v1/customer/{workspaceId}</c> and <c>/api/v1/customers/{customerId}</c>.</summary>
    public static void MapCustomers(this WebApplication application)
    {
        CustomerUpdateEndpoint.Map(application, application.Services.GetRequiredService<CustomerUpdateEndpoint>());
        CustomerEndpoints.Map(application.MapManagementApi());
    }
}
