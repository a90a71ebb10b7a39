using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class LedgerTests
{
    [Fact]
    public async Task The_books_balance_over_every_kind_of_request()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var random = new Seeded(11);
        var expected = new Dictionary<string, long>();
        var known = new List<JsonObject>();
        for (var count = 0; count < 150; count++)
        {
            if (random.OneIn(4))
            {
                server.Time.Advance(TimeSpan.FromMinutes(random.Between(1, 600)));
            }

            await PostSomethingAsync(shop, random, known, expected, server.Time.GetUtcNow().ToUnixTimeSeconds());
        }

        var books = await shop.LedgerAsync();
        Sums(books).ShouldBe(expected.OrderBy(static one => one.Key, StringComparer.Ordinal));
        foreach (var zone in GeneratedEvents.Zones)
        {
            foreach (var scale in new[] { "hour", "day", "week", "month" })
            {
                var buckets = (await shop.ReadAsync($"/api/v1/ledger?scale={scale}&tz={zone}"))["buckets"]!.AsArray();
                buckets.ShouldAllBe(static bucket => (bool)bucket!["events"]!["balanced"]!);
                buckets.Select(static bucket => (string)bucket!["start"]!).ShouldBeUnique();
                foreach (var name in new[] { "received", "stored", "duplicate", "rejected" })
                {
                    buckets.Sum(bucket => (long)bucket!["events"]![name]!).ShouldBe((long)books["events"]![name]!);
                }
            }
        }
    }

    [Fact]
    public async Task A_range_is_of_the_time_of_receipt_and_its_end_is_not_in_it()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop("Asia/Kathmandu");
        await shop.PostAsync(Bodies.One());
        server.Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        await shop.PostAsync("{");
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        await shop.PostAsync(Bodies.One());

        (await ReceivedAsync(shop, "to=2026-11-24T12:01:00Z")).ShouldBe((2, 1));
        (await ReceivedAsync(shop, "from=2026-11-24T12:01:00Z")).ShouldBe((1, 1));
        (await ReceivedAsync(shop, "from=2026-11-24T17:46")).ShouldBe((1, 1));
        (await ReceivedAsync(shop, "from=2026-11-24&to=2026-11-25")).ShouldBe((3, 2));
        (await ReceivedAsync(shop, "from=2026-11-25")).ShouldBe((0, 0));
        var hours = (await shop.ReadAsync("/api/v1/ledger?scale=hour"))["buckets"]!.AsArray();
        hours.ShouldHaveSingleItem();
        ((string)hours[0]!["start"]!).ShouldBe("2026-11-24T17:00:00+05:45");
    }

    [Fact]
    public async Task As_a_table_it_has_a_line_for_each_bucket()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.PostAsync(Bodies.One());
        server.Time.Advance(TimeSpan.FromDays(1));
        await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "na"));

        const string header = "start,requests_received,requests_accepted,requests_refused,received,stored,duplicate,rejected,erased\r\n";
        (await shop.GetAsync("/api/v1/ledger", "text/csv")).Text.ShouldBe(header + ",2,1,1,2,1,0,1,0\r\n");
        (await shop.GetAsync("/api/v1/ledger?scale=day", "text/csv")).Text.ShouldBe(
            header + "2026-11-24T00:00:00Z,1,1,0,1,1,0,0,0\r\n2026-11-25T00:00:00Z,1,0,1,1,0,0,1,0\r\n");
    }

    private static async Task PostSomethingAsync(
        Shop shop, Seeded random, List<JsonObject> known, Dictionary<string, long> expected, long now)
    {
        var good = Enumerable.Range(0, random.Next(5)).Select(_ => Bodies.Action(one => one["event_time"] = now)).ToList();
        var bad = Enumerable.Range(0, random.Next(3)).Select(_ => Bodies.Action(static one => one.Remove("attributes"))).ToList();
        var repeated = Enumerable.Range(0, known.Count == 0 ? 0 : random.Next(3)).Select(_ => random.Pick(known).DeepClone().AsObject()).ToList();
        if (random.OneIn(10) || good.Count + bad.Count + repeated.Count == 0)
        {
            (await shop.PostAsync(random.Pick("{", "", "[]", "{\"elements\":[]}"))).Status.ShouldBe(400);
            return;
        }

        var lenient = random.OneIn(2);
        var answer = await shop.PostAsync(
            Bodies.Of([.. good.Concat(bad).Concat(repeated).Select(static one => Bodies.Element(one.DeepClone().AsObject()))]),
            lenient ? "handling=lenient" : null);
        answer.Status.ShouldBe(lenient || bad.Count == 0 ? 200 : 400, answer.Text);
        var total = good.Count + bad.Count + repeated.Count;
        Add(expected, "received", total);
        Add(expected, "rejected", answer.Status == 400 ? total : bad.Count);
        Add(expected, "stored", answer.Status == 400 ? 0 : good.Count);
        Add(expected, "duplicate", answer.Status == 400 ? 0 : repeated.Count);
        if (answer.Status == 200)
        {
            known.AddRange(good);
        }
    }

    private static void Add(Dictionary<string, long> sums, string name, long count) => sums[name] = sums.GetValueOrDefault(name) + count;

    private static IEnumerable<KeyValuePair<string, long>> Sums(JsonObject books) => new[] { "duplicate", "received", "rejected", "stored" }
        .Select(name => KeyValuePair.Create(name, (long)books["events"]![name]!));

    private static async Task<(long Requests, long Events)> ReceivedAsync(Shop shop, string query)
    {
        var total = (await shop.ReadAsync("/api/v1/ledger?" + query))["total"]!;
        return ((long)total["requests"]!["received"]!, (long)total["events"]!["received"]!);
    }
}
