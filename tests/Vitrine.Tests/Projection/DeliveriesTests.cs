using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class DeliveriesTests
{
    private const long Hour = 494_508; // 2026-05-31T12:00:00Z

    private static readonly DeliveredCount One = new("66d55ae445921e4d35ae4368", "Hero banner", 1, "5A", "Everyone", "2", Hour, 1);

    [Fact]
    public async Task Counts_of_an_hour_add_up_to_one_row_within_and_across_batches_and_over_a_restart()
    {
        using var folder = new TemporaryFolder();
        Shop? shop = null;
        for (var round = 1; round <= 3; round++)
        {
            await using var server = await TestServer.StartAsync(folder.Path);
            shop = shop?.On(server) ?? server.OpenShop();
            foreach (var _ in Enumerable.Range(0, 4))
            {
                await AppendAsync(shop, One, One with { VariationId = "1", Delivered = 10 });
            }

            await server.ProjectedAsync();
            await AppendAsync(shop, One with { Hour = Hour + 1, Delivered = 100 }, One with { Version = 2, Delivered = 1000 });
            await server.ProjectedAsync();
            (await RowsAsync(server)).ShouldBe([
                $"{One.ExperienceId} Hero banner 1 5A Everyone 1 {Hour}: {40 * round}",
                $"{One.ExperienceId} Hero banner 1 5A Everyone 2 {Hour}: {4 * round}",
                $"{One.ExperienceId} Hero banner 1 5A Everyone 2 {Hour + 1}: {100 * round}",
                $"{One.ExperienceId} Hero banner 2 5A Everyone 2 {Hour}: {1000 * round}",
            ]);
        }
    }

    [Fact]
    public async Task A_rebuild_says_the_same()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        IReadOnlyList<string> before;
        string books;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            var random = new Seeded(91);
            var events = GeneratedEvents.Make(random, 200);
            foreach (var portion in events.Chunk(40))
            {
                await GeneratedEvents.PostAsync(shop, portion);
                await GeneratedDelivery.AppendAsync(shop, GeneratedDelivery.Make(random, events, 50));
                await GeneratedDelivery.AppendAsync(shop.Debug, GeneratedDelivery.Make(random, events, 20));
                await server.ProjectedAsync();
            }

            before = await RowsAsync(server);
            before.Count.ShouldBeGreaterThan(100);
            books = await ProjectionBooks.ReadAsync(shop, shop.Debug);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var again = await TestServer.StartAsync(folder.Path);
        (await ProjectionBooks.ReadAsync(shop.On(again), shop.On(again).Debug)).ShouldBe(books);
        (await RowsAsync(again)).ShouldBe(before);
    }

    [Fact]
    public async Task Of_the_names_the_last_one_stays()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await AppendAsync(shop, One);
        await server.ProjectedAsync();
        await AppendAsync(shop, One with { ExperienceName = "Hero", AudienceName = "All" });
        (await RowsAsync(server)).ShouldBe([$"{One.ExperienceId} Hero 1 5A All 2 {Hour}: 2"]);
    }

    [Fact]
    public async Task A_projection_of_before_there_were_deliveries_goes_on()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
            await server.ProjectedAsync();
        }

        using (var connection = ProjectionFile.Open(ProjectionPaths.In(folder.Path).File, new ProjectionOptions()))
        {
            ProjectionFile.Execute(connection, "DROP TABLE deliveries");
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        await AppendAsync(shop.On(again), One);
        (await RowsAsync(again)).ShouldHaveSingleItem();
        (await shop.On(again).EventsAsync()).Count.ShouldBe(1);
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).ShouldNotContain(static file => file.Contains("damaged"));
    }

    [Fact]
    public async Task They_are_no_events_and_no_requests()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var position = await AppendAsync(shop, One);
        var books = await shop.LedgerAsync();
        ((long)books["requests"]!["received"]!).ShouldBe(0);
        ((long)books["events"]!["received"]!).ShouldBe(0);
        (await shop.GetAsync($"/api/v1/requests/{RequestId.Of(position)}")).Status.ShouldBe(404);
        (await shop.EventsAsync()).ShouldBeEmpty();
    }

    /// <summary>A record that this server cannot read is set aside, and what follows it is counted.</summary>
    [Theory]
    [InlineData(2, 9)]
    [InlineData(200, 1)]
    public async Task A_record_of_an_unknown_kind_or_version_is_set_aside(byte kind, byte version)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var position = await GeneratedDelivery.AppendAsync(server, record => record.WriteRaw([kind, version]));
        await AppendAsync(shop, One);
        (await RowsAsync(server)).Count.ShouldBe(1);
        (await ReadAsync(server, "SELECT position || '–' || last_position FROM quarantine")).ShouldBe([$"{position}–{position}"]);
    }

    [Fact]
    public async Task An_empty_record_is_set_aside()
    {
        await using var server = await TestServer.StartAsync();
        await GeneratedDelivery.AppendAsync(server, static _ => { });
        await server.ProjectedAsync();
        (await ReadAsync(server, "SELECT reason FROM quarantine")).Count.ShouldBe(1);
    }

    private static Task<long> AppendAsync(Shop shop, params DeliveredCount[] counts) =>
        GeneratedDelivery.AppendAsync(shop.Server, new DeliveredCounts(shop.Server.Time.GetUtcNow().ToUnixTimeMilliseconds(), shop.Id, counts));

    private static async Task<IReadOnlyList<string>> RowsAsync(TestServer server)
    {
        await server.ProjectedAsync();
        return await ReadAsync(server, """
            SELECT experience_id || ' ' || experience || ' ' || version || ' ' || audience_id || ' ' || audience_name || ' ' || variation_id || ' ' || hour || ': ' || delivered
            FROM deliveries ORDER BY environment, experience_id, version, audience_id, variation_id, hour
            """);
    }

    private static Task<List<string>> ReadAsync(TestServer server, string sql) => server.Service<ProjectionReader>().ReadAsync(
        "test",
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read())
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        },
        TestContext.Current.CancellationToken);
}
