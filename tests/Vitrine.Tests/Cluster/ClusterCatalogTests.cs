using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Vitrine.Cluster;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Cluster;

[Collection(OnNats.Name)]
public sealed class ClusterCatalogTests(NatsServers nats) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_node_changes_all_others_see_and_those_that_come_later_too()
    {
        var options = nats.NewCluster();
        await using var one = await JoinAsync(options, "one");
        await using var other = await JoinAsync(options, "other");
        one.Catalog.CreateWorkspace("SHOP", "a-secret-key", DateTimeZoneProviders.Tzdb["Europe/Berlin"]);
        one.Catalog.ChangeSettings("SHOP", static settings => settings with { RetentionDays = 30 });
        one.Catalog.CreateClientKey("SHOP", "vck_0123456789", ["https://shop.example"], 100);
        await Eventually.BeTrueAsync(() => Task.FromResult(other.Catalog.Current.Find("SHOP")?.Workspace.ClientKeys.Count == 1));
        await using var later = await JoinAsync(options, "later");
        foreach (var node in new[] { other, later })
        {
            var workspace = node.Catalog.Current.Find("SHOP")!.Workspace;
            (workspace.TimeZone.Id, workspace.Settings.RetentionDays, workspace.Keys.Count).ShouldBe(("Europe/Berlin", 30, 1));
            workspace.CreatedAt.ShouldBe(one.Catalog.Current.Find("SHOP")!.Workspace.CreatedAt);
        }
    }

    [Fact]
    public async Task What_cannot_be_is_refused_wherever_it_is_tried()
    {
        var options = nats.NewCluster();
        await using var one = await JoinAsync(options, "one");
        await using var other = await JoinAsync(options, "other");
        one.Catalog.CreateWorkspace("SHOP", "a-secret-key", DateTimeZone.Utc);
        Should.Throw<CatalogException>(() => other.Catalog.CreateWorkspace("SHOP", "another-key", DateTimeZone.Utc)).Message.ShouldBe("There is already a workspace SHOP.");
        Should.Throw<CatalogException>(() => other.Catalog.RotateKey("NOWHERE", "another-key", TimeSpan.Zero)).Message.ShouldBe("There is no workspace NOWHERE.");
        other.Catalog.Current.Find("SHOP")!.Workspace.Keys.Single().Hash.ShouldBe(WorkspaceRules.Hash("a-secret-key"));
    }

    [Fact]
    public async Task Of_two_nodes_that_write_a_document_from_the_same_state_the_second_is_told()
    {
        var options = nats.NewCluster();
        await using var one = await JoinAsync(options, "one");
        await using var other = await JoinAsync(options, "other");
        var told = 0;
        other.Catalog.DocumentsChanged += () => Interlocked.Increment(ref told);
        Write(one.Catalog, 0, "first").ShouldBe(1);
        Write(other.Catalog, 0, "second").ShouldBeNull();
        Write(other.Catalog, 1, "third").ShouldBe(2);
        told.ShouldBe(2);
        await Eventually.BeTrueAsync(() => Task.FromResult(one.Catalog.Find("SHOP", "thing", "a")!.Revision == 2));
        Encoding.UTF8.GetString(one.Catalog.Find("SHOP", "thing", "a")!.Body).ShouldBe("third");
        one.Catalog.ReadAudit("SHOP", null, long.MaxValue, 10).Select(static entry => entry.Note.Action).ShouldBe(["third", "first"]);
    }

    [Fact]
    public async Task All_nodes_come_to_the_same_from_changes_that_are_made_at_once()
    {
        var options = nats.NewCluster();
        await using var one = await JoinAsync(options, "one");
        await using var other = await JoinAsync(options, "other");
        one.Catalog.CreateWorkspace("SHOP", "a-secret-key", DateTimeZone.Utc);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(() =>
        {
            var catalog = (index % 2 == 0 ? one : other).Catalog;
            catalog.ChangeSettings("SHOP", static settings => settings with { RetentionDays = (settings.RetentionDays ?? 0) + 1 });
        })));
        await Eventually.BeTrueAsync(() => Task.FromResult(new[] { one, other }.All(static node => node.Catalog.Current.Find("SHOP")!.Workspace.Settings.RetentionDays == 40)));
    }

    [Fact]
    public async Task Whoever_made_a_change_is_answered_when_the_other_nodes_know_it_and_have_told_whoever_follows_it_there()
    {
        var options = nats.NewCluster();
        await using var one = await EnterAsync(options, "one");
        await using var other = await EnterAsync(options, "other");
        await one.LookAsync();
        await other.LookAsync();
        var told = 0;
        other.Catalog.DocumentsChanged += () => Interlocked.Increment(ref told);
        for (var count = 1; count <= 50; count++)
        {
            Write(one.Catalog, count - 1, "a change").ShouldBe(count);
            other.Catalog.Find("SHOP", "thing", "a")!.Revision.ShouldBe(count);
            told.ShouldBe(count);
        }

        one.Catalog.CreateWorkspace("SHOP", "a-secret-key", DateTimeZone.Utc);
        other.Catalog.RotateKey("SHOP", "another-key", TimeSpan.Zero);
        one.Catalog.Current.Find("SHOP")!.Workspace.Keys.ShouldContain(static key => key.Hash.SequenceEqual(WorkspaceRules.Hash("another-key")));
    }

    [Fact]
    public async Task A_command_waits_for_the_nodes_too()
    {
        var options = nats.NewCluster();
        using (var first = ClusterCatalog.Visit(options, _folder["first.db"], NullLogger<ClusterCatalog>.Instance))
        {
            first.CreateWorkspace("SHOP", "a-secret-key", DateTimeZone.Utc); // Before there is any.
        }

        await using var one = await EnterAsync(options, "one");
        await using var other = await EnterAsync(options, "other");
        for (var count = 1; count <= 10; count++)
        {
            using var visitor = ClusterCatalog.Visit(options, _folder["visitor.db"], NullLogger<ClusterCatalog>.Instance);
            visitor.ChangeSettings("SHOP", settings => settings with { RetentionDays = count });
            new[] { one, other }.ShouldAllBe(node => node.Catalog.Current.Find("SHOP")!.Workspace.Settings.RetentionDays == count);
        }
    }

    [Fact]
    public async Task Whoever_is_told_of_a_change_and_throws_ends_nothing()
    {
        var options = nats.NewCluster();
        await using var one = await EnterAsync(options, "one");
        await using var other = await EnterAsync(options, "other");
        await one.LookAsync();
        one.Catalog.DocumentsChanged += static () => throw new InvalidOperationException("A handler must not throw.");
        other.Catalog.DocumentsChanged += static () => throw new InvalidOperationException("A handler must not throw.");
        for (var count = 1; count <= 3; count++)
        {
            Write(one.Catalog, count - 1, "a change").ShouldBe(count);
            other.Catalog.Find("SHOP", "thing", "a")!.Revision.ShouldBe(count);
        }
    }

    [Fact]
    public async Task A_node_that_died_is_waited_for_once()
    {
        var options = nats.NewCluster();
        await using var one = await EnterAsync(options, "one");
        var dead = await EnterAsync(options, "dead");
        await dead.DisposeAsync();
        await one.LookAsync();
        one.Roster.Others.ShouldHaveSingleItem().IsSilent.ShouldBeFalse();
        Should.Throw<CatalogException>(() => one.Catalog.RotateKey("NOWHERE", "another-key", TimeSpan.Zero));
        one.Roster.Others.Single().IsSilent.ShouldBeFalse("nobody is asked about what is refused");
        Write(one.Catalog, 0, "first").ShouldBe(1);
        await one.LookAsync();
        one.Roster.Others.Single().IsSilent.ShouldBeTrue();
        var started = Stopwatch.GetTimestamp();
        for (var count = 2; count <= 20; count++)
        {
            Write(one.Catalog, count - 1, "another").ShouldBe(count);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(CatalogProgress.Limit * 10, "of 19 that would each have waited");
        await dead.RenewAsync(one);
        await one.LookAsync();
        one.Roster.Others.Single().IsSilent.ShouldBeFalse("its entry is a new one");
    }

    [Fact]
    public async Task A_node_that_hangs_delays_a_change_by_a_second_and_comes_to_it_later()
    {
        var options = nats.NewCluster();
        await using var one = await EnterAsync(options, "one");
        await using var other = await EnterAsync(options, "other");
        await one.LookAsync();
        var goOn = new ManualResetEventSlim(); // Not disposed of: who waits for it may outlive a failure.
        other.Catalog.DocumentsChanged += () => goOn.Wait(CatalogProgress.Limit * 5);
        var started = Stopwatch.GetTimestamp();
        Write(one.Catalog, 0, "first").ShouldBe(1);
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(CatalogProgress.Limit * 0.9);
        Write(one.Catalog, 1, "second").ShouldBe(2);
        goOn.Set();
        await Eventually.BeTrueAsync(() => Task.FromResult(other.Catalog.Find("SHOP", "thing", "a")?.Revision == 2));
    }

    private async Task<Node> JoinAsync(ClusterOptions options, string name)
    {
        var connection = new ClusterConnection(options);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var roster = new Roster(connection);
        return new Node(connection, roster, new ClusterCatalog(connection, roster, _folder[$"{name}.db"], TimeProvider.System, NullLogger<ClusterCatalog>.Instance));
    }

    private async Task<Node> EnterAsync(ClusterOptions options, string name)
    {
        var node = await JoinAsync(options, name);
        await node.RenewAsync(node);
        return node;
    }

    private static long? Write(ClusterCatalog catalog, long expected, string text) =>
        catalog.TryWrite("SHOP", new AuditNote("somebody", text, "a", null), new DocumentWrite("thing", "a", expected, Encoding.UTF8.GetBytes(text)))?[0].Revision;

    private sealed class Node(ClusterConnection connection, Roster roster, ClusterCatalog catalog) : IAsyncDisposable
    {
        public ClusterCatalog Catalog => catalog;

        public Roster Roster => roster;

        /// <summary>Writes this node's entry, over the connection of one.</summary>
        public async Task RenewAsync(Node by) => await Roster.EnterAsync(
            await by.Roster.OpenAsync(TestContext.Current.CancellationToken), new NodeEntry(connection.NodeId, new Uri("http://node"), Roles.All), TestContext.Current.CancellationToken);

        public async Task LookAsync() => await roster.LookAsync(await roster.OpenAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            catalog.Dispose();
            return connection.DisposeAsync();
        }
    }
}
