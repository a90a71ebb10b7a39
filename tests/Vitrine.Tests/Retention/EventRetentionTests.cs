using System.Text;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Retention;

/// <summary>Single events whose time is over: nobody finds them, and nothing is lost or counted twice by that.</summary>
public sealed class EventRetentionTests
{
    private const string Report = "/api/v1/reports/experiences/66d55ae445921e4d35ae4368?by=variation&scale=day";

    [Fact]
    public async Task The_books_balance_and_an_event_is_told_from_its_repetition_ever_after()
    {
        using var folder = new TemporaryFolder();
        var uuid = Guid.NewGuid();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            (await shop.PostAsync(Retaining.Event("ada", 40, uuid))).ShouldBeAccepted();
            (await shop.PostAsync(Retaining.Event("ada", 40, uuid))).ShouldBeAccepted();
            (await shop.PostAsync(Retaining.Event("bob", 1))).ShouldBeAccepted();
            await Retaining.KeepAsync(shop, 30);
            await OnceAsync(shop, uuid);
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        await OnceAsync(shop.On(again), uuid);
    }

    private static async Task OnceAsync(Shop shop, Guid uuid)
    {
        var answer = await shop.PostAsync(Retaining.Event("ada", 40, uuid), "return=representation");
        ((string?)answer.Json["events"]![0]!["outcome"]).ShouldBe("duplicate");
        ((long)(await shop.ReadAsync(Report))["total"]!["impressions"]!).ShouldBe(2);
        await Erasing.BalancedAsync(shop, erased: 0);
        ((long)(await shop.GetAsync("/api/v1/ledger")).Json["total"]!["events"]!["stored"]!).ShouldBe(2);
        var receipt = (await shop.GetAsync($"/api/v1/events/{uuid}")).Json;
        ((string?)receipt["outcome"]).ShouldBe("stored");
        receipt["event"].ShouldBeNull();
        receipt["receipts"]!.AsArray().Select(static one => (string?)one!["outcome"]).Distinct().ShouldBe(["stored", "duplicate"]);
        (await shop.EventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Customers_of_whom_nothing_else_is_known_are_forgotten_in_the_tables_and_their_file()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        foreach (var (customer, daysAgo) in new[] { ("gone-4f1b@example.com", 40.0), ("stays-77aa@example.com", 40), ("stays-77aa@example.com", 1), ("profile-90cc@example.com", 40) })
        {
            (await shop.PostAsync(Retaining.Event(customer, daysAgo))).ShouldBeAccepted();
        }

        await shop.SetAttributesAsync("profile-90cc@example.com", """{"plan":"gold"}""");
        await Retaining.KeepAsync(shop, 30);
        (await shop.GetCustomerAsync("gone-4f1b@example.com")).Status.ShouldBe(404);
        ((long)(await shop.GetCustomerAsync("stays-77aa@example.com")).Json["impressions"]!).ShouldBe(1);
        ((long)(await shop.GetCustomerAsync("profile-90cc@example.com")).Json["impressions"]!).ShouldBe(0);
        Erasing.Holding(server, "gone-4f1b@example.com").ShouldAllBe(static file => Path.GetFileName(file).StartsWith("journal.db", StringComparison.Ordinal), "the journal has a retention of its own");

        (await shop.PostAsync(Retaining.Event("gone-4f1b@example.com", 1))).ShouldBeAccepted(); // Who comes back has a number again.
        await server.ProjectedAsync();
        ((long)(await shop.GetCustomerAsync("gone-4f1b@example.com")).Json["impressions"]!).ShouldBe(1);
        ((long)(await shop.ReadAsync(Report))["total"]!["unique_impressions"]!).ShouldBe(3, "a sketch knows who comes back");
    }

    [Fact]
    public async Task A_projection_that_is_built_anew_comes_to_the_same()
    {
        using var folder = new TemporaryFolder();
        string books;
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await GeneratedEvents.PostAsync(shop, GeneratedEvents.Make(new Seeded(7), 600));
            await Retaining.KeepAsync(shop, 300);
            await GeneratedEvents.PostAsync(shop, GeneratedEvents.Make(new Seeded(8), 300));
            await Retaining.KeepAsync(shop, 100);
            books = await BooksAsync(shop);
        }

        File.Delete(Path.Combine(folder.Path, "projection.duckdb"));
        await using var again = await TestServer.StartAsync(folder.Path);
        await again.ProjectedAsync();
        (await BooksAsync(shop.On(again))).ShouldBe(books);
    }

    [Fact]
    public async Task The_test_environment_keeps_as_long_and_other_workspaces_keep_all()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, other) = (server.OpenShop(), server.OpenShop());
        foreach (var one in new[] { shop, shop.Debug, other })
        {
            (await one.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        }

        await Retaining.KeepAsync(shop, 30);
        ((await shop.EventsAsync()).Count, (await shop.Debug.EventsAsync()).Count, (await other.EventsAsync()).Count).ShouldBe((0, 0, 1));
        ((long)(await other.ReadAsync(Report))["total"]!["impressions"]!).ShouldBe(1);
    }

    [Fact]
    public async Task An_erasure_reaches_single_events_and_leaves_hours_which_name_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        foreach (var daysAgo in new[] { 40.0, 1 })
        {
            (await shop.PostAsync(Retaining.Event("ada-51d0", daysAgo))).ShouldBeAccepted();
        }

        await Retaining.KeepAsync(shop, 30);
        await Erasing.ErasedAsync(shop, await Erasing.EraseAsync(shop, "ada-51d0"));
        Erasing.Holding(server, "ada-51d0").ShouldBeEmpty();
        ((long)(await shop.ReadAsync(Report))["total"]!["impressions"]!).ShouldBe(1);
        await Erasing.BalancedAsync(shop, erased: 1);
    }

    [Fact]
    public async Task The_audit_log_says_what_was_rolled_up_and_that_its_file_was_written_anew()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        await Retaining.KeepAsync(shop, 30);
        await Retaining.LookAsync(server); // There is nothing to do any more.
        var entry = server.Catalog.ReadAudit(shop.Id, null, long.MaxValue, 100).Where(static one => one.Note.Action == "roll_up_events").ShouldHaveSingleItem();
        Encoding.UTF8.GetString(entry.Note.Detail!).ShouldContain("2026-10-25T00:00:00Z");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3651)]
    public async Task Days_that_cannot_be_are_refused(int days)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        Should.Throw<CatalogException>(() => server.Catalog.ChangeSettings(shop.Id, settings => settings with { RetentionDays = days })).Message
            .ShouldBe($"Events are kept for 1 to 3650 days, or for ever; not for {days}.");
    }

    private static async Task<string> BooksAsync(Shop shop)
    {
        var books = new StringBuilder(await Erasing.BooksAsync(shop));
        foreach (var id in GeneratedEvents.Experiences)
        {
            books.AppendLine(Erasing.WithoutAsOf((await shop.GetAsync($"/api/v1/reports/experiences/{id}?by=variation,platform&scale=month")).Text));
        }

        return books.ToString();
    }
}
