using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Vitrine.Journal;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Privacy;

/// <summary>Who asks to be forgotten is: in everything that can be asked, and then in every file.</summary>
public sealed class ErasureTests
{
    private const string Gone = "gone-9c1f7a@example.com";
    private const string Stays = "stays@example.com";
    private const string Secret = "a-secret-of-the-erased-77c2";
    private const string Report = $"/api/v1/reports/experiences/66d55ae445921e4d35ae4368?by=variation";

    [Fact]
    public async Task Nothing_that_is_asked_knows_an_erased_customer_and_the_others_count_as_before()
    {
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        var (uuid, request) = await TracedAsync(shop);
        (await FiguresAsync(shop)).ShouldBe((5, 2)); // Three of the one, two of the other; two customers.

        var id = await EraseAsync(shop, Gone);

        (await FiguresAsync(shop)).ShouldBe((2, 1));
        (await shop.EventsAsync()).ShouldAllBe(static one => (string?)one["customer_id"] == Stays);
        (await shop.GoalEventsAsync()).ShouldAllBe(static one => (string?)one["customer_id"] == Stays);
        (await shop.GetCustomerAsync(Gone)).Status.ShouldBe(404);
        (await shop.GetCustomerAsync(Stays)).Json["impressions"]!.GetValue<long>().ShouldBe(2);
        var receipt = (await shop.GetAsync($"/api/v1/events/{uuid}")).Json;
        ((string?)receipt["outcome"]).ShouldBe("erased");
        receipt["event"].ShouldBeNull();
        (await shop.GetAsync($"/api/v1/requests/{request}")).Json["events"]!.AsArray().Select(static one => (string?)one!["outcome"]).ShouldBe(["erased", "stored"]);
        await BalancedAsync(shop, erased: 5);
        ((string?)(await shop.GetAsync($"/api/v1/erasures/{id}")).Json["request_id"]).ShouldBe(id);
    }

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
    public async Task What_waits_for_its_files_is_neither_handed_out_nor_shown_live()
    {
        await using var server = await TestServer.StartAsync();
        var shop = await FilledAsync(server);
        await ErasedAsync(shop, await EraseAsync(shop, "somebody-else")); // So that the next one waits.
        await EraseAsync(shop, Gone);
        await server.ProjectedAsync();
        Holding(server, Gone).ShouldNotBeEmpty("its files wait for an hour");
        (await shop.GetAsync($"/api/v1/customers/{Uri.EscapeDataString(Gone)}/export")).Status.ShouldBe(404);
        var after = -1L;
        var (requests, _, _) = await server.Service<ReportSource>().ReadAsync(
            server.Catalog.Current.Find(shop.Id)!, connection => RecentRequests.Read(connection, server.Journal, shop.Id, ref after, 100), TestContext.Current.CancellationToken);
        requests.ShouldNotBeEmpty();
        requests.SelectMany(static one => one.Contents.Values).SelectMany(static fields => fields.Values).ShouldNotContain(Gone);
        server.Time.Advance(TimeSpan.FromHours(1));
        await EraseAsync(shop, "yet-another");
        await Eventually.BeTrueAsync(() => Task.FromResult(Holding(server, Gone).Count == 0));
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

        ProjectionPaths.In(folder.Path).Delete();
        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        WithoutAsOf((await shop.On(again).GetAsync("/api/v1/ledger")).Text).ShouldBe(before);
    }

    [Fact]
    public async Task A_reader_of_the_journal_does_not_make_appends_wait_for_an_erasure()
    {
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

        ProjectionPaths.In(folder.Path).Delete();
        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        (await BooksAsync(shop.On(again))).ShouldBe(before);
        (await shop.On(again).GetCustomerAsync("second@example.com")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_sent_again_of_an_erased_customer_does_not_count()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var body = Bodies.One(static element => element["customer_id"] = Gone);
        (await shop.PostAsync(body)).ShouldBeAccepted();
        await ErasedAsync(shop, await EraseAsync(shop, Gone));
        (await shop.PostAsync(body, "return=representation")).Json["events"]![0]!["outcome"]!.GetValue<string>().ShouldBe("duplicate");
        (await FiguresAsync(shop)).ShouldBe((0, 0));
        await BalancedAsync(shop, erased: 1);
    }

    [Fact]
    public async Task Who_comes_back_is_somebody_new()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = await FilledAsync(server);
            await ErasedAsync(shop, await EraseAsync(shop, Gone));
            await shop.SetAttributesAsync(Gone, """{"plan":"silver"}""");
            (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
            var customer = (await shop.GetCustomerAsync(Gone)).Json;
            customer["attributes"]!.ToJsonString().ShouldBe("""{"plan":"silver"}""");
            customer["impressions"]!.GetValue<long>().ShouldBe(1);
        }

        await using var again = await TestServer.StartAsync(folder.Path); // Numbers are read back, with a gap.
        (await FiguresAsync(shop.On(again))).ShouldBe((2, 2));
        (await shop.On(again).PostAsync(Bodies.One(static element => element["customer_id"] = "third@example.com"))).ShouldBeAccepted();
        (await FiguresAsync(shop.On(again))).ShouldBe((3, 3));
    }

    [Fact]
    public async Task By_an_address_every_customer_is_found_whose_profile_has_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.SetAttributesAsync("one", """{"u_em":"Ada@Example.com"}""");
        await shop.SetAttributesAsync("two", """{"u_em":"ada@example.com"}""");
        await shop.SetAttributesAsync("three", """{"note":"ada@example.com","u_em":"other@example.com","u_mb":"+491234"}""");
        await EraseAsync(shop, "ada@example.com", "email");
        await server.ProjectedAsync();
        (await shop.GetCustomerAsync("one")).Status.ShouldBe(404);
        (await shop.GetCustomerAsync("two")).Status.ShouldBe(404);
        (await shop.GetCustomerAsync("three")).Status.ShouldBe(200);
        await EraseAsync(shop, "+491234", "mobile");
        await server.ProjectedAsync();
        (await shop.GetCustomerAsync("three")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Environments_and_workspaces_are_erased_in_apart()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, other) = (server.OpenShop(), server.OpenShop());
        foreach (var one in new[] { shop, shop.Debug, other })
        {
            (await one.PostAsync(Bodies.One(static element => element["customer_id"] = Gone))).ShouldBeAccepted();
        }

        await ErasedAsync(shop, await EraseAsync(shop, Gone));
        (await FiguresAsync(shop)).ShouldBe((0, 0));
        (await FiguresAsync(shop.Debug)).ShouldBe((1, 1));
        (await FiguresAsync(other)).ShouldBe((1, 1));
        (await other.GetAsync("/api/v1/erasures")).Json["erasures"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_that_cannot_be_read_lose_the_customer_too()
    {
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

        ProjectionPaths.In(folder.Path).Delete();
        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        (await BooksAsync(shop.On(again))).ShouldBe(before);
        Holding(again, Gone, Secret).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"request_type":"access","identities":[{"identity_type":"ID","identity_value":"ada"}]}""", "request_type must be \"erasure\"")]
    [InlineData("""{"request_type":"erasure"}""", "identities must be an array")]
    [InlineData("""{"request_type":"erasure","identities":[]}""", "identities must be an array")]
    [InlineData("""{"request_type":"erasure","identities":["ada"]}""", "identities/0")]
    [InlineData("""{"request_type":"erasure","identities":[null]}""", "identities/0 must be an object")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"shoe","identity_value":"ada"}]}""", "must be ID, email or mobile")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"ID","identity_value":"guest"}]}""", "identities/0/identity_value")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"ID"}]}""", "identity_value is required")]
    [InlineData("""{"request_type":"erasure","identities":[{"identity_type":"email","identity_value":" "}]}""", "must not be empty")]
    [InlineData("""{"request_type":7,"identities":[{"identity_type":"ID","identity_value":"ada"}]}""", "request_type")]
    public async Task A_request_that_is_none_erases_nobody_and_says_why(string body, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var head = server.Journal.Head;
        (await PostAsync(shop, body)).ShouldFail(400, "Invalid Field Value", reason);
        (await PostAsync(shop, "{")).ShouldFail(400, "Malformed JSON", "decode");
        (await PostAsync(new Shop(server, shop.Id, "a-wrong-key"), body)).ShouldFail(401, "Authentication required", "API_KEY");
        server.Journal.Head.ShouldBe(head);
    }

    internal static Task<Answer> PostAsync(Shop shop, string body) => shop.SendAsync(HttpMethod.Post, $"/v1/opengdpr_requests/{shop.Id}", request =>
        request.Content = new StringContent(body, Encoding.UTF8, "application/json"));

    internal static async Task<string> EraseAsync(Shop shop, string identity, string type = "ID")
    {
        var answer = await PostAsync(shop, new JsonObject
        {
            ["request_type"] = "erasure",
            ["submitted_time"] = "2026-11-30T10:00:00Z",
            ["identities"] = new JsonArray(new JsonObject { ["identity_type"] = type, ["identity_value"] = identity }),
            ["api_version"] = "1.0",
        }.ToJsonString());
        answer.Status.ShouldBe(200, answer.Text);
        return (string)answer.Json["request_id"]!;
    }

    internal static Task ErasedAsync(Shop shop, string id) => Eventually.BeTrueAsync(async () =>
        await shop.GetAsync($"/api/v1/erasures/{id}") is { Status: 200 } answer && (string?)answer.Json["state"] == "erased");

    /// <summary>Files of the data folder that hold one of some texts.</summary>
    internal static IReadOnlyList<string> Holding(TestServer server, params string[] texts) => [.. Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "vitrine.lock")
        .Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return texts.Any(text => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
        })];

    /// <summary>A shop where two customers did the same, the one twice as much.</summary>
    internal static async Task<Shop> FilledAsync(TestServer server)
    {
        var shop = server.OpenShop();
        await shop.SetAttributesAsync(Gone, $$"""{"plan":"{{Secret}}"}""");
        await shop.SetAttributesAsync(Stays, """{"plan":"gold"}""");
        var both = Bodies.Of(
            Bodies.Element(Bodies.Action(static action => action["attributes"]!["note"] = Secret), Bodies.Action()),
            Bodies.Element(Bodies.Action()));
        both["elements"]![0]!["customer_id"] = Gone;
        both["elements"]![1]!["customer_id"] = Stays;
        (await shop.PostAsync(both)).ShouldBeAccepted();
        (await shop.PostAsync(both)).ShouldBeAccepted();
        foreach (var customer in new[] { Gone, Stays })
        {
            var order = new JsonObject { ["action"] = "Order Placed", ["attributes"] = new JsonObject { ["to"] = customer }, ["event_id"] = $"order-of-{customer}" };
            (await shop.PostGoalsAsync(customer, order)).Status.ShouldBe(200);
        }

        (await shop.PostGoalsAsync(Gone, new JsonObject { ["action"] = "Signed Up" })).Status.ShouldBe(200);
        await server.ProjectedAsync();
        return shop;
    }

    /// <summary>A request of both, and the uuid of the one's event in it.</summary>
    private static async Task<(string Uuid, string Request)> TracedAsync(Shop shop)
    {
        var both = Bodies.Of(Bodies.Element(Bodies.Action()), Bodies.Element(Bodies.Action()));
        both["elements"]![0]!["customer_id"] = Gone;
        both["elements"]![1]!["customer_id"] = Stays;
        var answer = (await shop.PostAsync(both)).ShouldBeAccepted();
        return ((string)both["elements"]![0]!["actions"]![0]!["moe_event_uuid"]!, (string)answer.Json["req_id"]!);
    }

    private static async Task<(long Impressions, long Customers)> FiguresAsync(Shop shop)
    {
        var answer = await shop.GetAsync(Report);
        return answer.Status == 404 ? (0, 0)
            : (answer.Json["total"]!["impressions"]!.GetValue<long>(), answer.Json["total"]!["unique_impressions"]!.GetValue<long>());
    }

    private static async Task BalancedAsync(Shop shop, long erased)
    {
        var events = (await shop.GetAsync("/api/v1/ledger")).Json["total"]!["events"]!;
        events["balanced"]!.GetValue<bool>().ShouldBeTrue(events.ToJsonString());
        events["erased"]!.GetValue<long>().ShouldBe(erased);
    }

    /// <summary>Everything that is said of a shop, but up to where.</summary>
    private static async Task<string> BooksAsync(Shop shop)
    {
        var books = new StringBuilder();
        foreach (var path in new[] { Report, "/api/v1/ledger", "/api/v1/exports/events", "/api/v1/exports/goal-events" })
        {
            var text = (await shop.GetAsync(path)).Text;
            books.AppendLine(path.Contains("exports", StringComparison.Ordinal) ? text : WithoutAsOf(text));
        }

        return books.ToString();
    }

    private static string WithoutAsOf(string json)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        node.Remove("as_of");
        return node.ToJsonString();
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
