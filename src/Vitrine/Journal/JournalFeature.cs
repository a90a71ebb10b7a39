using Vitrine.Hosting;

namespace Vitrine.Journal;

/// <summary>Puts the journal into a server.</summary>
public static class JournalFeature
{
    /// <summary>Adds the embedded journal and the guard that ends the process when it must not acknowledge any more.</summary>
    public static IServiceCollection AddJournal(this IServiceCollection services, DataDirectory directory, ServerOptions options) => services
        .AddSingleton<JournalMetrics>()
        .AddSingleton<JournalHolds>()
        .AddSingleton<IJournal>(provider => new SqliteJournal(
            directory.Journal,
            options.Journal,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<JournalMetrics>()))
        .AddHostedService<JournalGuard>();
}
