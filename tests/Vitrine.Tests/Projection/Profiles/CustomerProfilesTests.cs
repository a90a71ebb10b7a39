using System.Text;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Projection.Profiles;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Profiles;

public sealed class CustomerProfilesTests
{
    [Fact]
    public async Task Whoever_waits_for_the_projection_finds_what_was_stored()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await ReadyAsync(server);
        for (var round = 0; round < 20; round++)
        {
            await shop.SetAttributesAsync("ann", $$"""{"round":{{round}},"u_em":"ann@example.com"}""");
            await shop.Debug.SetAttributesAsync("ann", """{"debug":true}""");
            await server.ProjectedAsync();
            Read(shop, "ann").ShouldBe($$"""{"round":{{round}},"u_em":"ann@example.com"}""");
            Read(shop.Debug, "ann").ShouldBe("""{"debug":true}""");
            Find(shop, "ann@example.com").ShouldBe("ann");
            Find(shop.Debug, "ann@example.com").ShouldBeNull();
        }

        (await shop.RemoveProfileAsync("ann")).Status.ShouldBe(204);
        await server.ProjectedAsync();
        Read(shop, "ann").ShouldBeNull();
        Find(shop, "ann@example.com").ShouldBeNull();
        Read(shop.Debug, "ann").ShouldBe("""{"debug":true}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Profiles_are_there_again_after_a_restart_and_a_rebuild(bool rebuild)
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await shop.SetAttributesAsync("ann", """{"u_em":"ann@example.com"}""");
            await shop.SetAttributesAsync("bob", """{"a":1}""");
            (await shop.PostAsync(Bodies.One(static element => element["user_attributes"] = Bodies.Json("""{"b":2}""")))).ShouldBeAccepted();
            (await shop.RemoveProfileAsync("bob")).Status.ShouldBe(204);
        }

        if (rebuild)
        {
            ProjectionPaths.In(folder.Path).Delete();
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        await ReadyAsync(again);
        await again.ProjectedAsync();
        Read(shop.On(again), "ann").ShouldBe("""{"u_em":"ann@example.com"}""");
        Find(shop.On(again), "ann@example.com").ShouldBe("ann");
        Read(shop.On(again), "customer-1").ShouldBe("""{"b":2}""");
        Read(shop.On(again), "bob").ShouldBeNull();
        var metrics = await again.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics.ShouldContain("vitrine_projection_profiles 2");
    }

    [Fact]
    public async Task Until_they_are_loaded_readers_are_told_so()
    {
        using var profiles = New();
        profiles.IsReady.ShouldBeFalse();
        profiles.Follow(0, 0);
        profiles.Apply([Change("ann", """{"a":1}""")], 1);
        profiles.IsReady.ShouldBeFalse();
        profiles.TryRead("SHOP"u8, "ann"u8, new ByteWriter()).ShouldBeFalse();
        var ready = profiles.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        ready.IsCompleted.ShouldBeFalse();

        profiles.Loaded(await profiles.NextToLoadAsync(TestContext.Current.CancellationToken));
        await ready;
        profiles.IsReady.ShouldBeTrue();
        profiles.TryRead("SHOP"u8, "ann"u8, new ByteWriter()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_opened_again_where_it_was_costs_nothing_and_any_other_is_loaded_anew()
    {
        using var profiles = New();
        profiles.Follow(0, 0);
        profiles.Loaded(await profiles.NextToLoadAsync(TestContext.Current.CancellationToken));
        profiles.Apply([Change("ann", """{"a":1}""")], 7);
        profiles.Follow(0, 7);
        profiles.IsReady.ShouldBeTrue();

        profiles.Follow(0, 8); // A commit that was taken for a failure.
        profiles.IsReady.ShouldBeFalse();
        profiles.Loaded(await profiles.NextToLoadAsync(TestContext.Current.CancellationToken));
        profiles.IsReady.ShouldBeTrue();
        profiles.TryRead("SHOP"u8, "ann"u8, new ByteWriter()).ShouldBeFalse();

        profiles.Follow(1, 8); // Another file.
        profiles.IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_being_loaded_for_a_file_that_is_gone_is_not_taken_for_the_new_one()
    {
        using var profiles = New();
        profiles.Follow(0, 0);
        var old = await profiles.NextToLoadAsync(TestContext.Current.CancellationToken);
        profiles.Follow(1, 0);
        profiles.Loaded(old);
        profiles.IsReady.ShouldBeFalse();
        (await profiles.NextToLoadAsync(TestContext.Current.CancellationToken)).ShouldNotBe(old);
    }

    private static CustomerProfiles New() =>
        new(ProjectionPaths.In(Path.GetTempPath()), new ProjectionOptions(), new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry()));

    private static ProfileChange Change(string customer, string attributes) =>
        new("SHOP"u8.ToArray(), Encoding.UTF8.GetBytes(customer), 1, 1, Encoding.UTF8.GetBytes(attributes));

    private static async Task ReadyAsync(TestServer server) =>
        await server.Service<CustomerProfiles>().WaitUntilReadyAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static string? Read(Shop shop, string customer)
    {
        var target = new ByteWriter();
        return shop.Server.Service<CustomerProfiles>().TryRead(Encoding.UTF8.GetBytes(shop.Id), Encoding.UTF8.GetBytes(customer), target)
            ? Encoding.UTF8.GetString(target.Written)
            : null;
    }

    private static string? Find(Shop shop, string email)
    {
        var target = new ByteWriter();
        return shop.Server.Service<CustomerProfiles>().TryFind(Encoding.UTF8.GetBytes(shop.Id), "u_em"u8, Encoding.UTF8.GetBytes(email), target)
            ? Encoding.UTF8.GetString(target.Written)
            : null;
    }
}
