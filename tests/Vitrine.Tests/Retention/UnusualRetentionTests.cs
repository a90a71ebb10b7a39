using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Retention;
using Vitrine.Tests.Conversions;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Retention;

/// <summary>What comes late, what is large, what is erased, and what is taken back.</summary>
public sealed class UnusualRetentionTests
{
    private const string Experience = "66d55ae445921e4d35ae4368";

    [Fact]
    public async Task A_goal_event_counts_once_also_when_an_earlier_impression_comes_late()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, id) = await ShopWithGoalAsync(server);
        var until = Retaining.Until(2);
        await SeeAsync(shop, id, until - 3600);
        (await shop.PostGoalsAsync("ada", new Done(Guid.NewGuid(), "ada", "order", until + 3600, "10", null).Action())).ShouldBeAccepted();
        await server.ProjectedAsync();
        (await ConversionsAsync(shop, id)).ShouldBe((1, 10));
        await Retaining.KeepAsync(shop, 2);
        (await ConversionsAsync(shop, id)).ShouldBe((1, 10));
        await SeeAsync(shop, id, until - 7200); // Was offline: before the impression that the order counted for.
        await server.ProjectedAsync();
        (await ConversionsAsync(shop, id)).ShouldBe((1, 10));
        await Retaining.KeepAsync(shop, 1);
        (await ConversionsAsync(shop, id)).ShouldBe((1, 10));
        (await shop.EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_click_target_may_hold_any_character()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, id) = await ShopWithGoalAsync(server);
        var until = Retaining.Until(2);
        await SeeAsync(shop, id, until - 3600, "x\0y");
        (await shop.PostGoalsAsync("ada", new Done(Guid.NewGuid(), "ada", "order", until - 1800, "10", null).Action())).ShouldBeAccepted();
        await Retaining.KeepAsync(shop, 2);
        var group = (await shop.ReadAsync($"/api/v1/reports/experiences/{id}?by=variation,click_target"))["groups"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)group["click_target"], (int)group["total"]!["goals"]![0]!["conversions"]!).ShouldBe(("x\0y", 1));
    }

    [Fact]
    public async Task What_comes_late_is_rolled_up_with_the_next_day_and_files_are_written_anew_once()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        await Retaining.KeepAsync(shop, 30);
        for (var hour = 0; hour < 5; hour++)
        {
            (await shop.PostAsync(Retaining.Event("ada", 40 + (hour * 50)))).ShouldBeAccepted();
            await Retaining.LookAsync(server);
        }

        (await shop.EventsAsync()).Count.ShouldBe(5);
        Renewals(server, shop).ShouldBe(1);
        server.Time.Advance(TimeSpan.FromDays(1));
        await Retaining.LookAsync(server);
        (await shop.EventsAsync()).ShouldBeEmpty();
        Renewals(server, shop).ShouldBe(2);
        ((long)(await shop.ReadAsync($"/api/v1/reports/experiences/{Experience}"))["total"]!["impressions"]!).ShouldBe(6);
    }

    /// <summary>Their erasure is known by hashes only, and so may they be: in the journal, and in no table any more.</summary>
    [Fact]
    public async Task Forgotten_customers_are_found_when_an_older_backup_is_restored()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            (await shop.PostAsync(Retaining.Event("gone-4f1b@example.com", 40))).ShouldBeAccepted();
            (await shop.PostAsync(Retaining.Event("also-4f1b@example.com", 1))).ShouldBeAccepted();
            (await shop.PostGoalsAsync("third-4f1b@example.com", new Done(Guid.NewGuid(), "", "order", Clock.Now - (40 * 86_400), "10", null).Action())).ShouldBeAccepted();
            await Retaining.KeepAsync(shop, 30);
            var key = Erasure.NewKey();
            server.Service<ErasureList>().Write(shop.Id, "erase", new Erasure
            {
                Id = "later-erasure",
                By = "x",
                ReceivedAt = server.Time.GetUtcNow().AddMinutes(5),
                Key = key,
                Hashes = [.. new[] { "gone", "also", "third" }.Select(name => Erasure.HashOf(key, shop.Id, name + "-4f1b@example.com"))],
            });
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        await Eventually.BeTrueAsync(() => Task.FromResult(again.Service<ErasureList>().All.All(static one => one.Erasure.CompletedAt is not null)));
        Erasing.Holding(again, "-4f1b@example.com").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hundred_thousand_conversions_are_projected_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        await server.ProjectedAsync();
        var hour = Retaining.Until(40) / 3600 * 3600;
        var record = PendingRecord.Rent();
        RetentionRecordCodec.Write(
            new RetentionRecord(Clock.Now * 1000, shop.Id, Retaining.Until(30), server.Journal.Head, 0, [.. Enumerable.Range(0, 100_000).Select(row => new HourlyConversions(
                new HourlyPlace(hour + (row % 240 * 3600L), Experience, "2", "5A", "0", Platform.Web, "target " + (row / 240)), 0, "Ordered", 1, 1, new HourlyRevenue("EUR", 1.25m, 0)))]),
            record.Body);
        (await server.Journal.AppendAsync("SHOP", record)).Outcome.ShouldBe(AppendOutcome.Durable);
        await server.ProjectedAsync(); // Within its patience: row by row it took minutes.
        await server.Service<Projector>().WaitForAsync(server.Journal.Head, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_record_that_was_made_without_knowing_of_another_counts_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var (shop, id) = await ShopWithGoalAsync(server);
        var until = Retaining.Until(2);
        await SeeAsync(shop, id, until - 3600);
        (await shop.PostGoalsAsync("ada", new Done(Guid.NewGuid(), "ada", "order", until - 1800, "10", null).Action())).ShouldBeAccepted();
        await server.ProjectedAsync();
        await Retaining.KeepAsync(shop, 2);
        var note = server.Catalog.ReadAudit(shop.Id, null, long.MaxValue, 100).Single(static one => one.Note.Action == "roll_up_events").Note;
        var made = server.Journal.Find((long)JsonNode.Parse(note.Detail!)!["position"]!)!;
        var again = PendingRecord.Rent();
        again.Body.WriteRaw(made); // As another leader that had read the same events.
        (await server.Journal.AppendAsync(shop.Id, again)).Outcome.ShouldBe(AppendOutcome.Durable);
        await server.ProjectedAsync();
        (await ConversionsAsync(shop, id)).ShouldBe((1, 10));
        ((long)(await shop.ReadAsync($"/api/v1/reports/experiences/{id}"))["total"]!["impressions"]!).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_rolled_up_is_noted_also_where_the_files_were_written_anew_for_something_else_first()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        await server.ProjectedAsync();
        var record = PendingRecord.Rent(); // Whoever made it has died since.
        RetentionRecordCodec.Write(new RetentionRecord(Clock.Now * 1000, shop.Id, Retaining.Until(30), server.Journal.Head, 0, []), record.Body);
        (await server.Journal.AppendAsync(shop.Id, record)).Outcome.ShouldBe(AppendOutcome.Durable);
        await server.ProjectedAsync();
        await server.Service<ProjectionBase>().RenewAsync(server.Journal.Head, TestContext.Current.CancellationToken); // As for an erasure.
        for (var look = 0; look < 2; look++)
        {
            await Retaining.LookAsync(server);
            Renewals(server, shop).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Slices_of_few_events_come_to_the_same_as_one_statement()
    {
        var answers = new List<string>();
        foreach (var atOnce in new[] { 1_000_000, 10 })
        {
            await using var server = await TestServer.StartAsync(options: options => options with { Projection = options.Projection with { RetentionEventsAtOnce = atOnce } });
            var shop = server.OpenShop("Asia/Kolkata");
            await GeneratedEvents.PostAsync(shop, GeneratedEvents.Make(new Seeded(11), 400));
            await Retaining.KeepAsync(shop, 10);
            (await shop.EventsAsync()).Count.ShouldBeLessThan(40);
            var report = await shop.ReadAsync($"/api/v1/reports/experiences/{GeneratedEvents.Experiences[0]}?by=variation,platform&scale=hour");
            answers.Add(Erasing.WithoutAsOf(report.ToJsonString()));
            await Erasing.BalancedAsync(shop, erased: 0);
        }

        answers[1].ShouldBe(answers[0]);
    }

    [Fact]
    public async Task What_goes_wrong_in_one_workspace_keeps_no_other_from_its_turn()
    {
        await using var server = await TestServer.StartAsync();
        var shops = Enumerable.Range(0, 3).Select(_ => server.OpenShop()).OrderBy(static shop => shop.Id, StringComparer.Ordinal).ToList();
        foreach (var shop in shops)
        {
            (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        }

        // A goal as a newer version might write it: this one cannot read its condition, so what there was for it cannot be counted.
        var broken = shops[0];
        var document = Authoring.Document();
        document["goals"] = JsonNode.Parse("""[{"name":"Large order","event":"order","where":{"source":"event","name":"amount","op":"gte","value":50}}]""");
        var id = (string)(await broken.DraftAsync(document))["id"]!;
        var stored = server.Catalog.Find(broken.Id, "experience", id)!;
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stored.Body).Replace("\"gte\"", "\"vastly\"", StringComparison.Ordinal));
        server.Catalog.TryWrite(broken.Id, new AuditNote("x", "y", "z", null), new DocumentWrite("experience", id, stored.Revision, body)).ShouldNotBeNull();
        shops.ForEach(shop => server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RetentionDays = 30 }));

        (await server.Service<EventRetention>().LookAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
        await server.ProjectedAsync();
        foreach (var shop in shops)
        {
            ((await shop.EventsAsync()).Count, Renewals(server, shop)).ShouldBe(shop == broken ? (1, 0) : (0, 1));
        }
    }

    [Fact]
    public async Task A_setting_that_is_taken_back_rolls_nothing_more_up()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostAsync(Retaining.Event("ada", 40))).ShouldBeAccepted();
        server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RetentionDays = 30 });
        server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RetentionDays = null });
        await Retaining.LookAsync(server);
        (await shop.EventsAsync()).ShouldHaveSingleItem();
        await Retaining.KeepAsync(shop, 45);
        (await shop.EventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_record_can_be_read_by_people()
    {
        var record = new ByteWriter();
        RetentionRecordCodec.Write(new RetentionRecord(Clock.Now * 1000, "SHOP", Retaining.Until(30), 7, 0, []), record);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, RecordJson.Options))
        {
            RecordJson.Write(writer, 8, record.Written);
        }

        Encoding.UTF8.GetString(stream.ToArray()).ShouldContain("\"environment\":\"SHOP\",\"hourly_until\":\"2026-10-25T00:00:00+00:00\"");
    }

    private static int Renewals(TestServer server, Shop shop) => server.Catalog.ReadAudit(shop.Id, null, long.MaxValue, 100).Count(static one => one.Note.Action == "roll_up_events");

    private static async Task<(Shop Shop, string Id)> ShopWithGoalAsync(TestServer server)
    {
        var shop = server.OpenShop();
        var document = Authoring.Document();
        document["attribution_window_hours"] = 24;
        document["goals"] = JsonNode.Parse("""[{"name":"Ordered","event":"order","revenue_attribute":"amount","currency":"EUR"}]""");
        return (shop, (string)(await shop.PublishedAsync(document))["id"]!);
    }

    private static async Task SeeAsync(Shop shop, string experienceId, long time, string? clickTarget = null) =>
        (await shop.PostAsync(new JsonObject { ["elements"] = new JsonArray(new Seen(Guid.NewGuid(), "ada", false, time, "web", "0", "1", clickTarget).Element(experienceId)) })).ShouldBeAccepted();

    private static async Task<(int Conversions, decimal Revenue)> ConversionsAsync(Shop shop, string experienceId)
    {
        var goal = (await shop.ReadAsync($"/api/v1/reports/experiences/{experienceId}"))["total"]!["goals"]![0]!;
        return ((int)goal["conversions"]!, goal["revenue"]!.AsArray().Sum(static one => (decimal)one!["revenue"]!));
    }
}
