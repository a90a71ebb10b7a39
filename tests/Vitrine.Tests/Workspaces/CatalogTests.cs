using NodaTime;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class CatalogTests
{
    [Fact]
    public void Another_connections_change_is_taken_over_once()
    {
        using var folder = new TemporaryFolder();
        using var catalog = new SqliteCatalog(folder["catalog.db"], Clock.New());
        using var other = new SqliteCatalog(folder["catalog.db"], Clock.New());
        catalog.Refresh().ShouldBeFalse();
        other.CreateWorkspace("SHOP", "a-long-enough-key", DateTimeZoneProviders.Tzdb["Europe/Berlin"]);

        catalog.Current.Find("SHOP").ShouldBeNull();
        catalog.Refresh().ShouldBeTrue();
        catalog.Current.Find("SHOP_DEBUG")!.Workspace.TimeZone.Id.ShouldBe("Europe/Berlin");
        catalog.Refresh().ShouldBeFalse();
        catalog.CreateWorkspace("OWN", "a-long-enough-key", DateTimeZone.Utc);
        catalog.Refresh().ShouldBeFalse();
    }

    [Fact]
    public async Task A_running_server_takes_over_a_new_key_and_a_new_workspace()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        using (var other = new SqliteCatalog(Path.Combine(server.Folder, "catalog.db"), server.Time))
        {
            other.RotateKey(shop.Id, "another-key-for-it", TimeSpan.Zero);
            other.CreateWorkspace("NEWSHOP", "a-long-enough-key", DateTimeZone.Utc);
        }

        var refreshed = new Shop(server, "NEWSHOP", "a-long-enough-key");
        await Eventually.BeTrueAsync(async () => (await refreshed.GetAsync("/api/v1/ledger")).Status == 200);
        (await refreshed.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.PostAsync(Bodies.One())).Status.ShouldBe(401);
        (await new Shop(server, shop.Id, "another-key-for-it").PostAsync(Bodies.One())).ShouldBeAccepted();
    }

    [Theory]
    [InlineData("", "a-long-enough-key")]
    [InlineData("SHOP_DEBUG", "a-long-enough-key")]
    [InlineData("S H O P", "a-long-enough-key")]
    [InlineData("SHOP:", "a-long-enough-key")]
    [InlineData("SHOP\n", "a-long-enough-key")]
    [InlineData("SHOP", "short")]
    [InlineData("SHOP", "with a space")]
    [InlineData("SHOP", "größere-keys")]
    [InlineData("TAKEN", "a-long-enough-key")]
    public void What_cannot_be_is_refused_and_changes_nothing(string id, string key)
    {
        using var folder = new TemporaryFolder();
        using var catalog = new SqliteCatalog(folder["catalog.db"], Clock.New());
        catalog.CreateWorkspace("TAKEN", "a-long-enough-key", DateTimeZone.Utc);
        Should.Throw<CatalogException>(() => catalog.CreateWorkspace(id, key, DateTimeZone.Utc)).Message.ShouldNotContain(key);
        catalog.Current.Workspaces.ShouldHaveSingleItem();
        Should.Throw<CatalogException>(() => catalog.RotateKey("NOBODY", "a-long-enough-key", TimeSpan.Zero));
        Should.Throw<CatalogException>(() => catalog.RotateKey("TAKEN", "a-long-enough-key", TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void New_ids_and_keys_are_good_ones()
    {
        for (var count = 0; count < 100; count++)
        {
            WorkspaceRules.WhyNotId(WorkspaceRules.NewId()).ShouldBeNull();
            WorkspaceRules.WhyNotKey(WorkspaceRules.NewKey()).ShouldBeNull();
        }
    }
}
