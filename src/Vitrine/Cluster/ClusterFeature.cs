using System.Text;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Vitrine.Cluster.Snapshots;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Projection;
using Vitrine.Projection.Lookups;
using Vitrine.Workspaces;

namespace Vitrine.Cluster;

/// <summary>Makes a server a node of a cluster.</summary>
public static class ClusterFeature
{
    private const string CatalogFileName = "cluster-catalog.db";

    /// <summary>Puts the cluster's journal and catalog in the place of the embedded ones.</summary>
    public static IServiceCollection AddCluster(this IServiceCollection services, DataDirectory directory, ServerOptions options)
    {
        if (!options.Cluster.IsUsed)
        {
            return services;
        }

        return AddLookups(services, options.Cluster.Roles)
            .AddSingleton(options.Cluster)
            .AddSingleton(_ =>
            {
                if (options.Cluster.Roles.HasFlag(Roles.Project))
                {
                    SnapshotPlace.RefuseUnusable(options.Cluster.Snapshots);
                }

                var cluster = new ClusterConnection(options.Cluster);
                Task.Run(() => cluster.OpenAsync(CancellationToken.None)).GetAwaiter().GetResult();
                NodeFolder.Claim(directory, cluster.Identity);
                return cluster;
            })
            .AddSingleton<Roster>()
            .AddSingleton<ICatalog>(provider => new ClusterCatalog(
                provider.GetRequiredService<ClusterConnection>(),
                provider.GetRequiredService<Roster>(),
                Path.Combine(directory.Path, CatalogFileName),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ClusterCatalog>>()))
            .AddSingleton<IJournal>(provider => new StreamJournal(
                provider.GetRequiredService<ClusterConnection>(),
                options.Journal,
                provider.GetRequiredService<JournalMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<StreamJournal>>()))
            .AddSingleton(_ => new Leadership { Projects = options.Cluster.Roles.HasFlag(Roles.Project), IsLeader = false })
            .AddSingleton(static provider => new FirstPerson(provider.GetRequiredService<PersonStore>(), SharedCode(provider.GetRequiredService<ICatalog>())))
            .AddSingleton<IConfigureOptions<KeyManagementOptions>>(static provider => new ConfigureOptions<KeyManagementOptions>(
                options => options.XmlRepository = new SharedSessionKeys(provider.GetRequiredService<ICatalog>())))
            .AddSingleton<Membership>()
            .AddHostedService(static provider => provider.GetRequiredService<Membership>())
            .AddSingleton<IBaseStore>(provider => new SharedBase(
                new SnapshotSeries(SnapshotPlace.Open(options.Cluster.Snapshots, provider.GetRequiredService<ClusterConnection>(), provider.GetRequiredService<TimeProvider>()), SharedBase.PrefixOf(provider.GetRequiredService<ClusterConnection>())),
                provider.GetRequiredService<ProjectionPaths>(),
                provider.GetRequiredService<Leadership>(),
                options.Cluster.SnapshotInterval,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ProjectionMetrics>(),
                provider.GetRequiredService<ILogger<SharedBase>>()))
            .AddHostedService<CatalogSnapshots>()
            .AddSingleton<PassingOn>()
            .AddHttpForwarder();
    }

    /// <summary>What is stored of customers is asked about where it is not known, and answered where it is.</summary>
    private static IServiceCollection AddLookups(IServiceCollection services, Roles roles) => roles.HasFlag(Roles.Project)
        ? services.AddHostedService<LookupAnswers>()
        : services.AddSingleton<LookupMetrics>().AddSingleton<ICustomerLookup, CustomerLookup>();

    /// <summary>The code of the link for the first person, which any node may have printed.</summary>
    private static string SharedCode(ICatalog catalog)
    {
        const string kind = "first-person";
        if (catalog.Find(CatalogDocument.OfNobody, kind, kind) is null)
        {
            catalog.TryWrite(CatalogDocument.OfNobody, new AuditNote("vitrine", "first_person_code", kind, null), new DocumentWrite(kind, kind, 0, Encoding.UTF8.GetBytes(FirstPerson.NewCode())));
        }

        return Encoding.UTF8.GetString(catalog.Find(CatalogDocument.OfNobody, kind, kind)!.Body);
    }

    /// <summary>Passes on what other nodes have to answer; before anything else looks at a request.</summary>
    public static void UseCluster(this WebApplication application, ServerOptions options)
    {
        if (options.Cluster.IsUsed)
        {
            var passing = application.Services.GetRequiredService<PassingOn>();
            application.Use(next => context => passing.InvokeAsync(context, next));
        }
    }
}
