using System.Text.Json.Nodes;
using Vitrine.Goals;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Tests.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Goals;

public sealed class GoalExactlyOnceTests
{
    [Fact]
    public async Task An_event_counts_once_by_its_uuid_or_its_id_over_restarts_and_each_time_without()
    {
        using var folder = new TemporaryFolder();
        Shop? shop = null;
        for (var round = 1; round <= 2; round++)
        {
            await using var server = await TestServer.StartAsync(folder.Path);
            shop = shop?.On(server) ?? server.OpenShop();
            for (var repetition = 0; repetition < 2; repetition++)
            {
                (await shop.PostGoalsAsync("ann", Action(("event_id", "order 17")), Action(("event_id", "order 18")), Action(("event_id", 17)), Action(), Action(("moe_event_uuid", "AA886712-4537-47C1-B126-2686EFDA2E26")))).ShouldBeAccepted();
                (await shop.PostGoalsAsync("bob", Action(("event_id", "aa886712453747c1b1262686efda2e26")))).ShouldBeAccepted();
            }

            (await shop.GoalEventsAsync()).Count.ShouldBe(4 + (2 * round));
            var events = (await shop.LedgerAsync())["events"]!;
            ((long)events["received"]!).ShouldBe(12 * round);
            ((long)events["duplicate"]!).ShouldBe((12 * round) - 4 - (2 * round));
        }
    }

    /// <summary>A version 8 UUID of SHA-256 over "vitrine event\norder 17", worked out by another program.</summary>
    [Fact]
    public void The_uuid_of_an_id_is_the_documented_one() =>
        Uuids.Format(GoalIdentity.Of("order 17")).ShouldBe("a8e0e894-81e5-87f7-ba2f-8098496a0dab");

    [Fact]
    public async Task One_uuid_names_one_event_whether_it_is_shown_or_a_goal()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var uuid = Guid.NewGuid().ToString();
        (await shop.PostGoalsAsync("ann", Action(("moe_event_uuid", uuid)))).ShouldBeAccepted();
        (await shop.PostAsync(Bodies.One(action: action => action["moe_event_uuid"] = uuid))).ShouldBeAccepted();
        (await shop.EventsAsync()).ShouldBeEmpty();
        var receipts = await shop.ReadAsync("/api/v1/events/" + uuid);
        ((string)receipts["event"]!["action"]!).ShouldBe("Ordered");
        ((string)receipts["event"]!["customer_id"]!).ShouldBe("ann");
        receipts["receipts"]!.AsArray().Select(static one => $"{one!["path"]} {one["outcome"]}").ShouldBe(["/actions/0 stored", "/elements/0/actions/0 duplicate"]);
        receipts["receipts"]![1]!["conflict"]!.AsArray().Select(static one => (string)one!).ShouldBe(
            ["customer_id", "action", "event_time", "platform", "cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_refused_event_has_a_receipt_that_says_why()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var uuid = Guid.NewGuid().ToString();
        (await shop.PostGoalsAsync("ann", Action(("moe_event_uuid", uuid)), Action(("current_time", 7)))).Status.ShouldBe(400);
        var receipts = await shop.ReadAsync("/api/v1/events/" + uuid);
        ((string)receipts["outcome"]!).ShouldBe("rejected");
        ((string)receipts["receipts"]![0]!["reason"]!).ShouldBe("refused_with_request");
        var request = await shop.ReadAsync("/api/v1/requests/" + receipts["receipts"]![0]!["req_id"]);
        request["events"]!.AsArray().Select(static one => $"{one!["path"]} {one["reason"]} {one["error_path"]}")
            .ShouldBe(["/actions/0 refused_with_request ", "/actions/1 invalid_event_time /actions/1/current_time"]);
    }

    [Fact]
    public async Task A_customer_who_only_did_something_is_known_by_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        (await shop.PostGoalsAsync("ann", Action(("current_time", Clock.Now - 60)), Action(("current_time", Clock.Now - 20)))).ShouldBeAccepted();
        var ann = (await shop.GetCustomerAsync("ann")).Json;
        ((long)ann["goal_events"]!).ShouldBe(2);
        ann["attributes"].ShouldBeNull();
        ((string)ann["first_event"]!).ShouldNotBe((string)ann["last_event"]!);
    }

    /// <summary>Impressions, clicks, goals, repetitions and refusals in any order: the books balance, and a rebuild says the same.</summary>
    [Fact]
    public async Task The_books_balance_over_a_random_history_and_a_rebuild_says_the_same()
    {
        using var folder = new TemporaryFolder();
        var random = new Seeded(31);
        Shop shop;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            var events = GeneratedEvents.Make(random, 400);
            var uuids = Enumerable.Range(0, 60).Select(_ => random.Uuid().ToString()).ToList();
            for (var step = 0; step < 150; step++)
            {
                if (random.OneIn(3))
                {
                    await GeneratedEvents.PostAsync(shop, events.Skip(random.Next(380)).Take(20));
                    continue;
                }

                var actions = Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Action(
                    random.OneIn(3) ? ("platform", "web") : ("moe_event_uuid", random.Pick(uuids)),
                    ("current_time", random.OneIn(10) ? 5 : Clock.Now - random.Next(1_000_000)))).ToArray();
                await shop.PostGoalsAsync($"customer-{random.Next(40)}", actions);
            }

            ((long)(await shop.LedgerAsync())["events"]!["duplicate"]!).ShouldBeGreaterThan(50);
            before = await ProjectionBooks.ReadAsync(shop);
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var rebuilt = await TestServer.StartAsync(folder.Path);
        (await ProjectionBooks.ReadAsync(shop.On(rebuilt))).ShouldBe(before);
    }

    private static JsonObject Action(params (string Name, JsonNode Value)[] fields)
    {
        var action = new JsonObject { ["action"] = "Ordered" };
        foreach (var (name, value) in fields)
        {
            action[name] = value;
        }

        return action;
    }
}
