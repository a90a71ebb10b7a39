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

    private async Task<Node> JoinAsync(ClusterOptions options, string name)
    {
        var connection = new ClusterConnection(options);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return new Node(connection, new ClusterCatalog(connection, _folder[$"{name}.db"], TimeProvider.System, NullLogger<ClusterCatalog>.Instance));
    }

    private static long? Write(ClusterCatalog catalog, long expected, string text) =>
        catalog.TryWrite("SHOP", new AuditNote("somebody", text, "a", null), new DocumentWrite("thing", "a", expected, Encoding.UTF8.GetBytes(text)))?[0].Revision;

    private sealed class Node(ClusterConnection connection, ClusterCatalog catalog) : IAsyncDisposable
    {
        public ClusterCatalog Catalog => catalog;

        public ValueTask DisposeAsync()
        {
            catalog.Dispose();
            return connection.DisposeAsync();
        }
    }
}
