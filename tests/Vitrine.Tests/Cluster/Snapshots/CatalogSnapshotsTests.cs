using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Vitrine.Cluster;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Cluster.Snapshots;

[Collection(OnNats.Name)]
public sealed class CatalogSnapshotsTests(NatsServers nats) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_that_are_in_the_snapshot_before_the_last_leave_the_stream_and_whoever_comes_later_knows_them_all()
    {
        var options = nats.NewCluster();
        await using var connection = await ConnectAsync(options);
        using var one = Open(connection, "one");
        one.CreateWorkspace("SHOP", "a-secret-key", DateTimeZoneProviders.Tzdb["Europe/Berlin"]);
        Write(one, 10);
        await one.TakeSnapshotAsync(100, Stop);
        (await FirstAsync(connection)).ShouldBe(1UL, "too few changes for a snapshot");
        await one.TakeSnapshotAsync(10, Stop);
        (await FirstAsync(connection)).ShouldBe(12UL);
        Write(one, 12);
        await one.TakeSnapshotAsync(10, Stop);
        (await FirstAsync(connection)).ShouldBe(12UL, "whoever is just reading the earlier one goes on behind it");
        Write(one, 15);
        await one.TakeSnapshotAsync(10, Stop);
        (await FirstAsync(connection)).ShouldBe(24UL);
        Write(one, 3);

        await using var joining = await ConnectAsync(options);
        using var later = Open(joining, "later");
        foreach (var catalog in new[] { one, later })
        {
            catalog.Current.Find("SHOP")!.Workspace.TimeZone.Id.ShouldBe("Europe/Berlin");
            Encoding.UTF8.GetString(catalog.Find("SHOP", "thing", "a")!.Body).ShouldBe("40");
            catalog.ReadAudit("SHOP", null, long.MaxValue, 100).Count.ShouldBe(40);
            catalog.ReadChanged("thing", 0).ShouldHaveSingleItem().Change.ShouldBe(one.Find("SHOP", "thing", "a")!.Change);
        }

        Write(later, 1);
        await Eventually.BeTrueAsync(() => Task.FromResult(one.Find("SHOP", "thing", "a")!.Revision == 41));
        using var visit = ClusterCatalog.Visit(options, _folder["visit.db"], NullLogger<ClusterCatalog>.Instance);
        visit.Find("SHOP", "thing", "a")!.Revision.ShouldBe(41);
    }

    private static async Task<ClusterConnection> ConnectAsync(ClusterOptions options)
    {
        var connection = new ClusterConnection(options);
        await connection.OpenAsync(Stop);
        return connection;
    }

    private ClusterCatalog Open(ClusterConnection connection, string name) => new(connection, new Roster(connection), _folder[name + ".db"], TimeProvider.System, NullLogger<ClusterCatalog>.Instance);

    private static async Task<ulong> FirstAsync(ClusterConnection connection) =>
        (await connection.JetStream.GetStreamAsync(connection.CatalogStream, cancellationToken: Stop)).Info.State.FirstSeq;

    private static void Write(ClusterCatalog catalog, int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            var revision = catalog.Find("SHOP", "thing", "a")?.Revision ?? 0;
            catalog.TryWrite("SHOP", new AuditNote("somebody", "write", "a", null), new DocumentWrite("thing", "a", revision, Encoding.UTF8.GetBytes($"{revision + 1}"))).ShouldNotBeNull();
        }
    }
}
