using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Cluster;
using Vitrine.Cluster.Snapshots;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Profiles;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster.Snapshots;

/// <summary>Nodes that start from a snapshot, because the journal no longer holds what they lack.</summary>
[Collection(OnNats.Name)]
public sealed class SharedBaseTests(NatsServers nats) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_that_is_added_after_the_journal_was_trimmed_counts_the_same()
    {
        var options = nats.NewCluster();
        await using var one = await StartAsync(options);
        var shop = await FillAsync(one);
        var first = await TrimAsync(one);
        first.ShouldBeGreaterThan(64);
        one.Journal.FirstPosition.ShouldBe(first);
        await PostAsync(shop, 20, 30);

        await using var added = await StartAsync(options);

        added.Journal.FirstPosition.ShouldBe(first);
        var twin = new Shop(added, shop.Id, shop.Key);
        (await ProjectionBooks.ReadAsync(twin)).ShouldBe(await ProjectionBooks.ReadAsync(shop));
        await PostAsync(twin, 0, 30); // Everything once more, to the new node: it knows the uuids.
        (await ProjectionBooks.ReadAsync(twin)).ShouldBe(await ProjectionBooks.ReadAsync(shop));
        added.Service<Projector>().IsComplete.ShouldBeTrue();
        foreach (var node in new[] { one, added })
        {
            (await node.MetricsAsync()).ShouldMatch("vitrine_cluster_snapshot_time_seconds [1-9]");
        }
    }

    [Fact]
    public async Task A_node_that_was_away_while_the_journal_was_trimmed_sets_its_projection_aside()
    {
        var options = nats.NewCluster();
        await using var one = await StartAsync(options);
        await using (await StartAsync(options, _folder.Path))
        {
            // It has been there, and has counted nothing.
        }

        var shop = await FillAsync(one);
        await TrimAsync(one);

        await using var back = await StartAsync(options, _folder.Path);

        (await ProjectionBooks.ReadAsync(new Shop(back, shop.Id, shop.Key))).ShouldBe(await ProjectionBooks.ReadAsync(shop));
        Directory.GetFiles(_folder.Path, "*.damaged-*").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_node_that_finds_what_it_is_reading_trimmed_goes_on_from_the_snapshot()
    {
        var options = nats.NewCluster();
        await using var one = await StartAsync(options);
        await FillAsync(one);
        await using var connection = new ClusterConnection(options);
        await connection.OpenAsync(Stop);
        await using var journal = Open(connection);
        await TrimAsync(one);
        journal.FirstPosition.ShouldBe(1, "it does not know yet");
        using var writer = new ProjectionWriter(_folder["late.duckdb"], new ProjectionOptions(), new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry()));
        journal.WaitBeyond(0, Stop).ShouldBeTrue();

        Should.Throw<IOException>(() => writer.ProjectBatch(journal, 1000)).Message.ShouldContain("was trimmed");

        writer.Position.ShouldBe(0);
        journal.FirstPosition.ShouldBe(one.Journal.FirstPosition);
    }

    [Fact]
    public async Task A_snapshot_that_is_newer_than_what_a_node_knew_at_its_start_is_welcome()
    {
        var options = nats.NewCluster();
        await using var one = await StartAsync(options);
        var shop = await FillAsync(one);
        await using var connection = new ClusterConnection(options);
        await connection.OpenAsync(Stop);
        await using var journal = Open(connection);
        var known = journal.Head;
        await PostAsync(shop, 20, 25);
        await TrimAsync(one);
        var (paths, metrics) = (ProjectionPaths.In(_folder.Path), new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry()));
        using var profiles = new CustomerProfiles(paths, new ProjectionOptions(), metrics);
        var snapshots = new SharedBase(new SnapshotSeries(new NatsObjects(connection, TimeProvider.System), SharedBase.PrefixOf(connection)), paths, new Leadership { IsLeader = false }, TimeSpan.FromDays(1), TimeProvider.System, metrics, NullLogger<SharedBase>.Instance);
        using var projector = new Projector(journal, paths, snapshots, new ProjectionOptions(), metrics, profiles, new BehaviourWatches(TimeProvider.System), TimeProvider.System, NullLogger<Projector>.Instance);

        projector.Start();

        (await projector.WaitForAsync(one.Journal.Head, TimeSpan.FromSeconds(20), Stop)).ShouldBeTrue();
        one.Journal.Head.ShouldBeGreaterThan(known);
        Directory.GetFiles(_folder.Path, "*.damaged-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_left_of_the_erased_in_snapshots()
    {
        var place = Directory.CreateDirectory(_folder["snapshots"]).FullName;
        var options = nats.NewCluster() with { Snapshots = place };
        await using var one = await StartAsync(options);
        var shop = await Erasing.FilledAsync(one);
        await TrimAsync(one);
        var before = Directory.GetFiles(place, "*", SearchOption.AllDirectories);
        before.Length.ShouldBeGreaterThanOrEqualTo(2);

        await Erasing.ErasedAsync(shop, await Erasing.EraseAsync(shop, Erasing.Gone));

        var after = Directory.GetFiles(place, "*", SearchOption.AllDirectories);
        after.Intersect(before).ShouldBeEmpty();
        await using var added = await StartAsync(options);
        var twin = new Shop(added, shop.Id, shop.Key);
        (await ProjectionBooks.ReadAsync(twin)).ShouldBe(await ProjectionBooks.ReadAsync(shop));
        Erasing.Holding(added, Erasing.Gone, Erasing.Secret).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snapshot_is_taken_by_the_leader_alone_and_as_often_as_is_said()
    {
        var place = Directory.CreateDirectory(_folder["snapshots"]).FullName;
        var options = nats.NewCluster() with { Snapshots = place, SnapshotInterval = TimeSpan.FromHours(6) };
        await using var one = await StartAsync(options, limits: new JournalOptions());
        await using var other = await StartAsync(options, limits: new JournalOptions());
        await FillAsync(one);
        await other.ProjectedAsync();
        foreach (var (hours, taken) in new[] { (0, 1), (5, 1), (1, 2), (6, 2) })
        {
            one.Time.Advance(TimeSpan.FromHours(hours));
            other.Time.Advance(TimeSpan.FromHours(hours));
            await other.Service<ProjectionBase>().TrimAsync(Stop);
            await one.Service<ProjectionBase>().TrimAsync(Stop);
            Directory.GetFiles(place, "*.json", SearchOption.AllDirectories).Length.ShouldBe(Math.Min(taken, 1), "nothing came in between, so nothing is new");
        }

        await PostAsync(one.OpenShop(), 0, 5);
        await one.ProjectedAsync();
        await other.Service<ProjectionBase>().TrimAsync(Stop);
        Directory.GetFiles(place, "*.json", SearchOption.AllDirectories).Length.ShouldBe(1, "the other does not lead");
        await one.Service<ProjectionBase>().TrimAsync(Stop);
        Directory.GetFiles(place, "*.json", SearchOption.AllDirectories).Length.ShouldBe(2);
        one.Journal.FirstPosition.ShouldBe(1);
    }

    private static async Task<TestServer> StartAsync(ClusterOptions cluster, string? folder = null, JournalOptions? limits = null)
    {
        var server = await TestServer.StartAsync(folder, options => options with
        {
            Cluster = cluster,
            Journal = limits ?? options.Journal with { RetentionBytes = 4096 },
            Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) }, // The tests say when.
        });
        await Eventually.BeTrueAsync(() => Task.FromResult(server.Service<Projector>().IsOpen));
        return server;
    }

    private static StreamJournal Open(ClusterConnection connection) =>
        new(connection, new JournalOptions(), new JournalMetrics(Prometheus.Metrics.NewCustomRegistry()), TimeProvider.System, NullLogger<StreamJournal>.Instance);

    private static async Task<Shop> FillAsync(TestServer server)
    {
        await Eventually.BeTrueAsync(() => Task.FromResult(server.Service<Leadership>().IsLeader));
        var shop = server.OpenShop();
        await PostAsync(shop, 0, 20);
        return shop;
    }

    private static async Task PostAsync(Shop shop, int from, int before)
    {
        for (var index = from; index < before; index++)
        {
            var number = index;
            (await shop.PostAsync(Bodies.One(action => action["uuid"] = $"event-{number}"))).ShouldBeAccepted();
        }

        await shop.Server.ProjectedAsync();
    }

    private static async Task<long> TrimAsync(TestServer server)
    {
        await Eventually.BeTrueAsync(() => Task.FromResult(server.Service<Leadership>().IsLeader));
        await server.ProjectedAsync();
        return await server.Service<ProjectionBase>().TrimAsync(Stop);
    }
}
