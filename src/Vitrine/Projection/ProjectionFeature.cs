using Vitrine.Hosting;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Lookups;
using Vitrine.Projection.Profiles;

namespace Vitrine.Projection;

/// <summary>Puts the projection into a server.</summary>
public static class ProjectionFeature
{
    /// <summary>Adds the projector, what reads its tables, and the trimming of the journal.</summary>
    public static IServiceCollection AddProjection(this IServiceCollection services, DataDirectory directory, ServerOptions options) => services
        .AddSingleton(ProjectionPaths.In(directory.Path))
        .AddSingleton(options.Projection)
        .AddSingleton<ProjectionMetrics>()
        .AddSingleton<CustomerProfiles>()
        .AddSingleton<BehaviourWatches>()
        .AddSingleton<ProjectedCustomers>()
        .AddSingleton<ICustomerLookup>(static provider => provider.GetRequiredService<ProjectedCustomers>())
        .AddSingleton<Leadership>()
        .AddSingleton<IBaseStore, LocalBase>()
        .AddSingleton<Projector>()
        .AddSingleton<ProjectionReader>()
        .AddSingleton<DuplicateEvents>()
        .AddHostedService<ProjectorService>()
        .AddHostedService<ProfileLoading>()
        .AddHostedService<BehaviourLoading>()
        .AddSingleton<ProjectionBase>()
        .AddHostedService(static provider => provider.GetRequiredService<ProjectionBase>());

    /// <summary>Starts the projector with the server and stops it before the journal closes.</summary>
    private sealed class ProjectorService(Projector projector, Leadership leadership) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (leadership.Projects)
            {
                projector.Start();
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.Factory
                .StartNew(projector.Stop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(cancellationToken);
    }
}
