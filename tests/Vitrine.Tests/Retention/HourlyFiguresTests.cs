using System.Text.Json.Nodes;
using Vitrine.Tests.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Retention;

/// <summary>Reports over hours and single events say what counting one by one says; of customers, about that.</summary>
public sealed class HourlyFiguresTests
{
    private const int Questions = 120;
    private const int Days = 200;

    /// <summary>Of forty customers few share a register of a sketch.</summary>
    private const int Tolerance = 2;

    /// <summary>More of them with <c>./test --long</c>.</summary>
    public static TheoryData<int> Seeds { get; } = Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1" ? [1, 2, 3, 4] : [1];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task They_agree_with_counting(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var random = new Seeded((ulong)seed);
        var shop = server.OpenShop();
        var events = GeneratedEvents.Make(random, 2500);
        await GeneratedEvents.PostAsync(shop, events.Take(2000));
        await Retaining.KeepAsync(shop, Days + 50);
        await GeneratedEvents.PostAsync(shop, events.Skip(1800)); // Some come twice, some late.
        await Retaining.KeepAsync(shop, Days);
        var until = Retaining.Until(Days);
        (await shop.EventsAsync()).Select(static one => (long)one["event_time"]!).ShouldAllBe(time => time >= until);
        var hourly = events.Select(one => one.Time < until ? one with { Time = one.Time / 3600 * 3600 } : one).ToList();
        var estimated = 0;
        for (var count = 0; count < Questions; count++)
        {
            var question = ReportQuestion.Make(random);
            var inRange = question.Of(hourly).ToList();
            var oracle = new ReportOracle(inRange.Where(one => one.ExperienceId == question.Experience), [], question.TimeZone, question.By, question.Scale);
            var report = await shop.ReadAsync(question.Path);
            estimated += Compare(report["total"]!, oracle.Total, question.Path);
            Compare(report["groups"]!, oracle.Groups(), question.Path);
            if (count % 4 == 0)
            {
                var list = await shop.ReadAsync($"/api/v1/reports/experiences?{question.RangeQuery}");
                var lines = GeneratedEvents.Experiences.Order(StringComparer.Ordinal).Select(id => ReportOracle.Figures(inRange.Where(one => one.ExperienceId == id), []));
                Compare(new JsonArray([.. list["experiences"]!.AsArray().Select(static one => Without(one!, "id", "name"))]), new JsonArray([.. lines]), question.Path);
            }
        }

        estimated.ShouldBeInRange(Questions / 4, Questions - 1);
    }

    [Fact]
    public async Task Hours_begin_where_those_of_the_workspace_do_so_that_its_days_are_exact()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop("Asia/Kolkata"); // Midnight there is half past six in the evening, UTC.
        var midnight = new DateTimeOffset(2026, 11, 10, 18, 30, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        foreach (var time in new[] { midnight - 60, midnight + 60, midnight + 120 })
        {
            (await shop.PostAsync(Retaining.Event("ada", (Clock.Now - time) / 86_400.0))).ShouldBeAccepted();
        }

        await Retaining.KeepAsync(shop, 5);
        (await shop.EventsAsync()).ShouldBeEmpty();
        var report = await shop.ReadAsync("/api/v1/reports/experiences/66d55ae445921e4d35ae4368?scale=day");
        report["groups"]![0]!["buckets"]!.AsArray().Select(static bucket => ((string)bucket!["start"]!, (long)bucket["impressions"]!, (long)bucket["unique_impressions"]!))
            .ShouldBe([("2026-11-10T00:00:00+05:30", 1, 1), ("2026-11-11T00:00:00+05:30", 2, 1)]);
    }

    [Fact]
    public async Task Reports_say_where_single_events_begin_and_only_where_it_matters()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        foreach (var (customer, daysAgo) in new[] { ("ada", 40.0), ("ada", 10), ("bob", 2) })
        {
            (await shop.PostAsync(Retaining.Event(customer, daysAgo))).ShouldBeAccepted();
        }

        await Retaining.KeepAsync(shop, 30);
        const string path = "/api/v1/reports/experiences/66d55ae445921e4d35ae4368";
        foreach (var from in new[] { "", "?from=2026-10-01" })
        {
            var answer = await shop.GetAsync(path + from);
            ((string?)answer.Json["raw_from"], (bool?)answer.Json["total"]!["uniques_estimated"]).ShouldBe(("2026-10-25T00:00:00Z", true));
            answer.Headers.GetValues("Vitrine-Raw-From").ShouldHaveSingleItem().ShouldBe("2026-10-25T00:00:00Z");
            ((long)answer.Json["total"]!["impressions"]!, (long)answer.Json["total"]!["unique_impressions"]!).ShouldBe((3, 2));
        }

        var recent = await shop.GetAsync(path + "?from=2026-10-25&scale=day");
        (recent.Json.AsObject().ContainsKey("raw_from"), recent.Json["total"]!.AsObject().ContainsKey("uniques_estimated"), recent.Headers.Contains("Vitrine-Raw-From")).ShouldBe((false, false, false));
        (await shop.GetAsync(path, "text/csv")).Headers.Contains("Vitrine-Raw-From").ShouldBeTrue();
        (await shop.GetAsync("/api/v1/exports/events")).Headers.Contains("Vitrine-Raw-From").ShouldBeTrue();
        ((string?)(await shop.ReadAsync("/api/v1/reports/experiences"))["raw_from"]).ShouldBe("2026-10-25T00:00:00Z");
    }

    /// <summary>Compares all but the order of fields; answers whether customers were estimated.</summary>
    private static int Compare(JsonNode actual, JsonNode expected, string question)
    {
        switch (expected)
        {
            case JsonArray items:
                actual.AsArray().Count.ShouldBe(items.Count, question);
                return actual.AsArray().Zip(items).Sum(pair => Compare(pair.First!, pair.Second!, question));
            case JsonObject figures when figures.ContainsKey("unique_impressions"):
                var isEstimated = (bool?)actual["uniques_estimated"] ?? false;
                string[] uniques = ["uniques_estimated", "unique_impressions", "unique_clicks", "unique_ctr"];
                Without(actual, uniques).ToJsonString().ShouldBe(Without(figures, uniques).ToJsonString(), question);
                foreach (var name in new[] { "unique_impressions", "unique_clicks" })
                {
                    var counted = (int)figures[name]!;
                    ((int)actual[name]!).ShouldBeInRange(counted - (isEstimated ? Tolerance : 0), counted + (isEstimated ? Tolerance : 0), $"{name} of {question}");
                }

                return isEstimated ? 1 : 0;
            case JsonObject group:
                return group.Sum(field => field.Value is JsonObject or JsonArray ? Compare(actual[field.Key]!, field.Value, question) : Same(actual[field.Key], field.Value, question));
            default:
                return Same(actual, expected, question);
        }
    }

    private static int Same(JsonNode? actual, JsonNode? expected, string question)
    {
        (actual?.ToJsonString()).ShouldBe(expected?.ToJsonString(), question);
        return 0;
    }

    private static JsonObject Without(JsonNode node, params string[] names) =>
        new(node.AsObject().Where(field => !names.Contains(field.Key)).Select(static field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}
