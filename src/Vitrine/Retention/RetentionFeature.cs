namespace Vitrine.Retention;

/// <summary>Puts the retention of single events into a server.</summary>
public static class RetentionFeature
{
    /// <summary>Adds who looks after it.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<EventRetention>()
        .AddHostedService(static provider => provider.GetRequiredService<EventRetention>());
}
