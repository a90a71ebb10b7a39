using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Reports.Pages;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary>Puts the reports into a server.</summary>
public static class ReportsFeature
{
    /// <summary>Adds what the endpoints need.</summary>
    public static IServiceCollection AddReports(this IServiceCollection services, ServerOptions options) => services
        .AddSingleton(options.Reports)
        .AddSingleton<ReportsMetrics>()
        .AddSingleton<PageStore>()
        .AddSingleton<CampaignStatsEndpoint>()
        .AddSingleton(static provider => new ReportSource(
            provider.GetRequiredService<IJournal>(),
            provider.GetRequiredService<Projector>(),
            provider.GetRequiredService<ProjectionReader>(),
            provider.GetRequiredService<PageStore>()));

    /// <summary>Maps reports, receipts, the ledger and exports below <c>/api/v1</c>, and the vendor's statistics API.</summary>
    public static void MapReports(this WebApplication application)
    {
        var api = application.MapManagementApi();
        ExperienceEndpoints.Map(api);
        LedgerEndpoint.Map(api);
        ReceiptEndpoints.Map(api);
        ExportEndpoint.Map(api);
        CampaignStatsEndpoint.Map(application, application.Services.GetRequiredService<CampaignStatsEndpoint>());
    }

    /// <summary>Maps what people take away as files, below a group that says whose they are.</summary>
    public static void MapDownloads(RouteGroupBuilder group)
    {
        ExperienceEndpoints.Map(group);
        ExportEndpoint.Map(group);
    }
}
