using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class ExactlyOnceTests
{
    [Fact]
    public async Task Events_count_once_over_restarts_and_repetitions()
    {
        using var folder = new TemporaryFolder();
        var events = GeneratedEvents.Make(new Seeded(21), 600);
        Shop? shop = null;
        for (var round = 0; round < 3; round++)
        {
            await using var server = await TestServer.StartAsync(folder.Path);
            shop = shop?.On(server) ?? server.OpenShop();
            await GeneratedEvents.PostAsync(shop, events.Take(200 * (round + 1)));
            (await shop.EventsAsync()).Select(static one => (string)one["moe_event_uuid"]!)
                .ShouldBe(events.Take(200 * (round + 1)).Select(static one => one.Uuid.ToString()));
        }
    }

    [Fact]
    public async Task A_server_stopped_before_it_has_projected_goes_on_where_it_was()
    {
        using var folder = new TemporaryFolder();
        var events = GeneratedEvents.Make(new Seeded(22), 2000);
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path, Slowly))
        {
            shop = server.OpenShop();
            await GeneratedEvents.PostAsync(shop, events);
        }

        await using var again = await TestServer.StartAsync(folder.Path, Slowly);
        await again.ProjectedAsync();
        (await shop.On(again).EventsAsync()).Count.ShouldBe(2000);
        ((long)(await shop.On(again).LedgerAsync())["events"]!["received"]!).ShouldBe(2000);
    }

    /// <summary>With little memory uuids go to the disk while they are counted, with much of it at the restart.</summary>
    [Theory]
    [InlineData(1 << 20)]
    [InlineData(256 << 20)]
    public async Task Events_count_once_when_most_uuids_have_gone_to_the_disk_and_over_a_restart(long memory)
    {
        using var folder = new TemporaryFolder();
        var bodies = Enumerable.Range(0, 80).Select(static number => ManyEvents(new Seeded((ulong)number), 1000)).ToList();
        Shop? shop = null;
        for (var round = 0; round < 2; round++)
        {
            await using var server = await TestServer.StartAsync(
                folder.Path, options => options with { Projection = options.Projection with { DeduplicationMemoryBytes = memory } });
            shop = shop?.On(server) ?? server.OpenShop();
            foreach (var body in bodies)
            {
                (await shop.PostAsync(body)).ShouldBeAccepted();
            }

            await server.ProjectedAsync();
            var events = (await shop.LedgerAsync())["events"]!;
            ((long)events["stored"]!).ShouldBe(80_000);
            ((long)events["duplicate"]!).ShouldBe(round * 80_000);
            var metrics = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            metrics.ShouldMatch($"vitrine_projection_uuid_disk_bytes {(round == 0 && memory > 1 << 20 ? "0" : "[1-9]")}");
        }
    }

    [Fact]
    public async Task The_first_event_of_a_uuid_wins_within_and_across_requests()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var uuid = Guid.NewGuid().ToString();
        var make = (string target) => Bodies.Action(action => (action["moe_event_uuid"], action["b_id"]) = (uuid, target));
        (await shop.PostAsync(Bodies.Of(Bodies.Element(make("first"), make("second")), Bodies.Element(make("third"))))).ShouldBeAccepted();
        (await shop.PostAsync(Bodies.Of(Bodies.Element(make("fourth"))))).ShouldBeAccepted();

        ((string)(await shop.EventAsync())["b_id"]!).ShouldBe("first");
        ((long)(await shop.LedgerAsync())["events"]!["duplicate"]!).ShouldBe(3);
    }

    [Fact]
    public async Task A_uuid_is_the_same_in_any_of_its_spellings()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var uuid = Guid.NewGuid();
        foreach (var spelling in new[] { uuid.ToString(), uuid.ToString().ToUpperInvariant(), uuid.ToString("N") })
        {
            (await shop.PostAsync(Bodies.One(action: action => action["moe_event_uuid"] = spelling))).ShouldBeAccepted();
        }

        (await shop.EventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_rebuild_from_nothing_says_the_same_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        Shop shop, other;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            (shop, other) = (server.OpenShop("Europe/Berlin"), server.OpenShop());
            await PostAllKindsAsync(server, shop, other);
            before = await ProjectionBooks.ReadAsync(shop, shop.Debug, other);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using (var rebuilt = await TestServer.StartAsync(folder.Path))
        {
            (await ProjectionBooks.ReadAsync(shop.On(rebuilt), shop.On(rebuilt).Debug, other.On(rebuilt))).ShouldBe(before);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var oneByOne = await TestServer.StartAsync(folder.Path, Slowly);
        (await ProjectionBooks.ReadAsync(shop.On(oneByOne), shop.On(oneByOne).Debug, other.On(oneByOne))).ShouldBe(before);
    }

    private static ServerOptions Slowly(ServerOptions options) => options with { Projection = options.Projection with { BatchEvents = 150 } };

    private static System.Text.Json.Nodes.JsonObject ManyEvents(Seeded random, int count) => Bodies.Of([.. Enumerable.Range(0, count / 100)
        .Select(_ => Bodies.Element([.. Enumerable.Range(0, 100)
            .Select(_ => Bodies.Action(action => action["moe_event_uuid"] = random.Uuid().ToString()))]))]);

    private static async Task PostAllKindsAsync(TestServer server, Shop shop, Shop other)
    {
        var events = GeneratedEvents.Make(new Seeded(23), 900);
        await GeneratedEvents.PostAsync(shop, events.Take(400));
        server.Time.Advance(TimeSpan.FromHours(5));
        await GeneratedEvents.PostAsync(other, events.Skip(300).Take(300));
        await GeneratedEvents.PostAsync(shop.Debug, events.Take(50));
        server.Time.Advance(TimeSpan.FromHours(20));
        await shop.PostAsync("{");
        await shop.PostAsync(Bodies.Of(Bodies.Element(Bodies.Action(), Bodies.Action(static one => one.Remove("action")))), "handling=lenient");
        await shop.PostAsync(Bodies.Of(Bodies.Element(Bodies.Action(), Bodies.Action(static one => one.Remove("action")))));
        await GeneratedEvents.PostAsync(shop, events.Skip(200));
    }
}
