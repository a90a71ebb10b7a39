using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Customers;
using Vitrine.Dashboard;
using Vitrine.Decisions;
using Vitrine.Demo;
using Vitrine.Events;
using Vitrine.Experiences;
using Vitrine.Experiments;
using Vitrine.Forwarding;
using Vitrine.Goals;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Retention;
using Vitrine.Statistics;
using Vitrine.WebSdk;
using Vitrine.Workspaces;

namespace Vitrine.Hosting;

/// <summary>Puts the server together: one Add and one Map for each feature.</summary>
public static class Server
{
    /// <summary>
    /// Bytes of a request on the wire, which are more than its body's when it comes in chunks: a chunk of one byte takes
    /// six. The body itself is measured where it is read.
    /// </summary>
    private const long MaximumWireBytes = 6L * EventsRules.MaximumBodyBytes;

    /// <summary>A client that takes an answer more slowly is cut off: an export holds one of few turns.</summary>
    private static readonly MinDataRate SlowestDownload = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(20));

    /// <summary>
    /// Builds a server that has not started yet.
    /// </summary>
    /// <param name="options">Checked by the caller.</param>
    /// <param name="directory">Taken by the caller, who disposes of it after the server.</param>
    /// <param name="configure">Changes for a special surrounding, such as a test's clock or in-memory transport.</param>
    public static WebApplication Build(ServerOptions options, DataDirectory directory, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "vitrine", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Urls.Split(';')).ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumWireBytes;
            kestrel.Limits.MinResponseDataRate = SlowestDownload;
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1; // Any byte, so that a header nobody reads cannot refuse a request.
        });
        if (options.Tls.IsUsed)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Services.AddSingleton<TlsCertificate>().AddSingleton(options.Tls).AddHostedService(static provider => provider.GetRequiredService<TlsCertificate>());
            builder.Services.AddOptions<KestrelServerOptions>().Configure<TlsCertificate>(static (kestrel, certificate) => certificate.Use(kestrel));
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(directory);
        builder.Services.AddSingleton(static _ => Metrics.NewCustomRegistry());
        ServerLogging.Add(builder.Logging);
        builder.Services
            .AddWorkspaces(directory)
            .AddJournal(directory, options)
            .AddProjection(directory, options)
            .AddEvents()
            .AddCustomers()
            .AddGoals()
            .AddPrivacy(options.Privacy)
            .AddForwarding(options.Forwarding)
            .AddReports(options)
            .AddRetention()
            .AddExperiments()
            .AddExperiences()
            .AddDecisions(options)
            .AddPeople(options.OpenId)
            .AddDashboard(directory, options)
            .AddOpenApiDocument()
            .AddCluster(directory, options);
        if (options.Demo)
        {
            builder.Services.AddDemo();
        }

        configure?.Invoke(builder);

        var application = builder.Build();
        application.UseCluster(options);
        application.UseErrors();
        application.MapEvents();
        application.MapCustomers();
        application.MapGoals();
        application.MapPrivacy();
        application.MapForwarding();
        application.MapReports();
        application.MapExperiments();
        application.MapStatistics();
        application.MapExperiences();
        application.MapDecisions();
        application.MapWebSdk();
        application.MapHealth();
        application.MapMetricsPage();
        application.MapOpenApiDocument();
        application.MapDashboard(options);
        return application;
    }
}
