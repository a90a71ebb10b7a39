using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>However many ask while events come in, each report is one state of the whole.</summary>
public sealed class ConcurrentReportsTests
{
    private const int Requests = 60;
    private const int EventsPerRequest = 20;

    [Fact]
    public async Task Each_report_counts_what_came_up_to_its_position_and_nothing_else()
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        GeneratedEvent[] events = [.. GeneratedEvents.Make(new Seeded(61), Requests * EventsPerRequest)];
        await PostAsync(shop, events[..EventsPerRequest]); // Alone in its journal, so a request's number is its position.

        var asking = Enumerable.Range(0, 4).Select(reader => AskAsync(shop, events, reader)).ToList();
        for (var request = 1; request < Requests; request++)
        {
            await PostAsync(shop, events[(request * EventsPerRequest)..((request + 1) * EventsPerRequest)]);
        }

        await Task.WhenAll(asking);
    }

    private static async Task AskAsync(Shop shop, GeneratedEvent[] events, int reader)
    {
        var zone = GeneratedEvents.Zones[reader % 2]; // Two of them ask for the same pages.
        for (long position = 0; position < Requests;)
        {
            var list = await shop.ReadAsync($"/api/v1/reports/experiences?tz={zone}");
            position = (long)list["as_of"]!["position"]!;
            list["experiences"]!.AsArray().Sum(static one => Events(one!)).ShouldBe(position * EventsPerRequest);

            var report = await shop.ReadAsync($"/api/v1/reports/experiences/plain?tz={zone}&by=platform&scale=month");
            var known = events[..((int)(long)report["as_of"]!["position"]! * EventsPerRequest)].Where(static one => one.ExperienceId == "plain");
            report["total"]!.ToJsonString().ShouldBe(ReportOracle.Figures(known, []).ToJsonString());
            report["groups"]!.AsArray().Sum(static group => group!["buckets"]!.AsArray().Sum(static bucket => Events(bucket!))).ShouldBe(known.Count());
        }
    }

    private static long Events(JsonNode figures) => (long)figures["impressions"]! + (long)figures["clicks"]!;

    private static Task PostAsync(Shop shop, GeneratedEvent[] events) => GeneratedEvents.PostAsync(shop, events);
}
