using Microsoft.Extensions.Logging;
using Vitrine.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Vitrine to an app's services.</summary>
public static class VitrineServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="VitrineClient"/> for the whole app, which starts when it is first asked for and sends what is queued as
    /// the app ends. Each call names its customer, unless <see cref="VitrineOptions.HasOwnCustomer"/> is set.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets the options; asked once.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddVitrine(this IServiceCollection services, Action<VitrineOptions> configure) => services.AddSingleton(provider =>
    {
        var options = new VitrineOptions { HasOwnCustomer = false };
        configure(options);
        return new VitrineClient(options, provider.GetService<ILoggerFactory>());
    });
}
