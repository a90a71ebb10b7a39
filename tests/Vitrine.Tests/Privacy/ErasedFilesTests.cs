using Microsoft.Data.Sqlite;
using Vitrine.Journal;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Tests.Support;
using static Vitrine.Tests.Privacy.Erasing;

namespace Vitrine.Tests.Privacy;

/// <summary>Who asks to be forgotten is: in every file, whatever else happens to the files.</summary>
public sealed class ErasedFilesTests
{
    [Fact]
    public async Task Nothing_of_an_erased_customer_is_left_in_any_file()
    {
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        Holding(server, Gone, Secret).ShouldNotBeEmpty("the journal holds what was sent");

        await ErasedAsync(shop, await EraseAsync(shop, Gone));

        Holding(server, Gone, Secret).ShouldBeEmpty();
        Holding(server, Stays).ShouldNotBeEmpty();
        (await FiguresAsync(shop)).ShouldBe((1, 1));
        await BalancedAsync(shop, erased: 4);
    }

    [Fact]
    public async Task A_base_is_written_and_files_are_compacted_at_the_same_time_without_harm()
    {
        await using var server = await TestServer.StartAsync(options: static options => options with
        {
            Journal = options.Journal with { RetentionAge = TimeSpan.FromHours(1) },
            Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) },
            Privacy = new PrivacyOptions { ErasureInterval = TimeSpan.Zero },
        });
        var shop = await FilledAsync(server);
        for (var round = 0; round < 5; round++)
        {
            server.Time.Advance(TimeSpan.FromHours(2));
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
            var trimming = server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            await trimming;
        }

        (await FiguresAsync(shop)).ShouldBe((1, 1));
        await BalancedAsync(shop, erased: 4 + 5);
    }

    [Fact]
    public async Task Who_is_erased_and_who_sent_the_same_uuid_in_one_request_count_the_same_after_a_rebuild()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            var uuid = Guid.NewGuid().ToString();
            var both = Bodies.Of(Bodies.Element(Bodies.Action(action => action["moe_event_uuid"] = uuid)), Bodies.Element(Bodies.Action(action => action["moe_event_uuid"] = uuid)));
            both["elements"]![0]!["customer_id"] = Gone;
            both["elements"]![1]!["customer_id"] = Stays;
            (await shop.PostAsync(both)).ShouldBeAccepted();
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            before = WithoutAsOf((await shop.GetAsync("/api/v1/ledger")).Text);
        }

        await using var again = await BuiltAnewAsync(folder);
        WithoutAsOf((await shop.On(again).GetAsync("/api/v1/ledger")).Text).ShouldBe(before);
    }

    [Fact]
    public async Task A_reader_of_the_journal_does_not_make_appends_wait_for_an_erasure()
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        using var reader = new SqliteConnection($"Data Source={Path.Combine(server.Folder, "journal.db")};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using (var transaction = reader.BeginTransaction(deferred: true))
        {
            using var read = reader.CreateCommand();
            read.CommandText = "SELECT count(*) FROM journal_group";
            read.ExecuteScalar();
            await EraseAsync(shop, Gone);
            for (var request = 0; request < 50; request++)
            {
                var started = System.Diagnostics.Stopwatch.GetTimestamp();
                (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Stays))).ShouldBeAccepted();
                System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(4));
            }
        }

        (await FiguresAsync(shop)).ShouldBe((51, 1));
    }

    [Fact]
    public async Task A_projection_built_anew_counts_the_same_whether_the_journal_is_rewritten_yet_or_not()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = await FilledAsync(server);
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            await shop.SetAttributesAsync("second@example.com", """{"plan":"gold"}""");
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "second@example.com"))).ShouldBeAccepted();
            await EraseAsync(shop, "second@example.com"); // Within the hour: its files wait.
            await server.ProjectedAsync();
            Holding(server, "second@example.com").ShouldNotBeEmpty();
            before = await BooksAsync(shop);
        }

        await using var again = await BuiltAnewAsync(folder);
        (await BooksAsync(shop.On(again))).ShouldBe(before);
        (await shop.On(again).GetCustomerAsync("second@example.com")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_lose_the_customer_too()
    {
        TestCluster.SkipWhereAsked();
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Stays))).ShouldBeAccepted();
        }

        Damage(folder["journal.db"]);
        ProjectionPaths.In(folder.Path).Delete();
        await using var again = await TestServer.StartAsync(folder.Path);
        var later = shop.On(again);
        (await FiguresAsync(later)).ShouldBe((1, 1));
        Holding(again, Gone).ShouldNotBeEmpty();
        await ErasedAsync(later, await EraseAsync(later, Gone));
        Holding(again, Gone).ShouldBeEmpty();
        (await FiguresAsync(later)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Where_the_journal_was_trimmed_its_base_loses_the_customer()
    {
        TestCluster.SkipWhereAsked();
        using var folder = new TemporaryFolder();
        Shop shop;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path, static options => options with
        {
            Journal = options.Journal with { RetentionAge = TimeSpan.FromHours(1) },
            Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) },
        }))
        {
            shop = await FilledAsync(server);
            server.Time.Advance(TimeSpan.FromHours(2));
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Stays))).ShouldBeAccepted();
            await server.ProjectedAsync();
            (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(1);
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            before = await BooksAsync(shop);
        }

        await using var again = await BuiltAnewAsync(folder);
        (await BooksAsync(shop.On(again))).ShouldBe(before);
        Holding(again, Gone, Secret).ShouldBeEmpty();
    }

    /// <summary>A start without the projection, which is built anew from the journal.</summary>
    private static async Task<TestServer> BuiltAnewAsync(TemporaryFolder folder)
    {
        ProjectionPaths.In(folder.Path).Delete();
        var server = await TestServer.StartAsync(folder.Path);
        await server.ProjectedAsync();
        return server;
    }

    /// <summary>Flips a bit of the first record that is about the customer.</summary>
    private static void Damage(string journal)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT first_position, payload FROM journal_group ORDER BY first_position LIMIT 1";
        using var rows = read.ExecuteReader();
        rows.Read();
        var (position, payload) = (rows.GetInt64(0), (byte[])rows.GetValue(1));
        rows.Close();
        payload[RecordFrame.HeaderLength + 2] ^= 0x40;
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE journal_group SET payload = $payload WHERE first_position = $position";
        write.Parameters.AddWithValue("$payload", payload);
        write.Parameters.AddWithValue("$position", position);
        write.ExecuteNonQuery();
    }
}
