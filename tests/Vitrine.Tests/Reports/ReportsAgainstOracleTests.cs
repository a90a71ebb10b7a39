using System.Globalization;
using CsvHelper;
using Vitrine.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Reports over made-up events say what counting them one by one says.</summary>
public sealed class ReportsAgainstOracleTests(SharedServer shared)
{
    private const int Questions = 80;
    private static readonly string[] Figures = ["impressions", "clicks", "ctr", "unique_impressions", "unique_clicks", "unique_ctr", "delivered"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task They_agree_with_counting(int seed)
    {
        var before = Answered(shared.Server);
        await AskAsync(shared.Server, seed, portions: 1);
        Answered(shared.Server).FromPages.ShouldBeGreaterThan(before.FromPages);
    }

    [Fact]
    public Task They_agree_while_events_come_in() => AskAsync(shared.Server, seed: 3, portions: 20);

    [Fact]
    public async Task They_agree_when_no_pages_are_kept()
    {
        await using var server = await StartAsync(new ReportsOptions { PageMemoryBytes = 0 });
        await AskAsync(server, seed: 4, portions: 5);
        Answered(server).FromPages.ShouldBe(0);
    }

    [Fact]
    public async Task They_agree_when_pages_are_dropped_all_the_time_and_some_reports_do_without()
    {
        await using var server = await StartAsync(new ReportsOptions { PageMemoryBytes = 400 << 10 });
        await AskAsync(server, seed: 5, portions: 5);
        Answered(server).FromPages.ShouldBeGreaterThan(0);
        Answered(server).FromEvents.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task They_agree_when_pages_are_made_little_by_little()
    {
        await using var server = await StartAsync(new ReportsOptions { PageEventsAtOnce = 50 });
        await AskAsync(server, seed: 6, portions: 2);
        Answered(server).FromPages.ShouldBeGreaterThan(0);
        Answered(server).FromEvents.ShouldBeGreaterThan(0);
    }

    private static Task<TestServer> StartAsync(ReportsOptions reports) =>
        TestServer.StartAsync(options: options => options with { Reports = reports });

    private static (long FromPages, long FromEvents) Answered(TestServer server) =>
        (server.Service<ReportsMetrics>().FromPages, server.Service<ReportsMetrics>().FromEvents);

    /// <summary>Asks while events arrive in portions, of any time and some of them again.</summary>
    private static async Task AskAsync(TestServer server, int seed, int portions)
    {
        var random = new Seeded((ulong)seed);
        var shop = server.OpenShop();
        var made = GeneratedEvents.Make(random, 2500);
        var deliverable = GeneratedDelivery.Make(random, made, 300);
        var events = new List<GeneratedEvent>();
        var deliveries = new List<GeneratedDelivery>();
        for (var count = 0; count < Questions; count++)
        {
            if (count % (Questions / portions) == 0)
            {
                var portion = made.Skip(events.Count).Take(made.Count / portions).ToList();
                await GeneratedEvents.PostAsync(shop, portion);
                await GeneratedEvents.PostAsync(shop, events.Concat(portion).Where(_ => random.OneIn(20)));
                events.AddRange(portion);
                var delivered = deliverable.Skip(deliveries.Count).Take(deliverable.Count / portions).ToList();
                await GeneratedDelivery.AppendAsync(shop, delivered);
                deliveries.AddRange(delivered);
            }

            var question = ReportQuestion.Make(random);
            var inRange = question.Of(events).ToList();
            var deliveredInRange = question.Of(deliveries).ToList();
            var oracle = new ReportOracle(
                inRange.Where(one => one.ExperienceId == question.Experience),
                deliveredInRange.Where(one => one.ExperienceId == question.Experience),
                question.TimeZone,
                question.By,
                question.Scale);
            await CompareReportAsync(shop, question, oracle);
            if (count % 4 == 0)
            {
                await CompareTableAsync(shop, question, oracle);
                await CompareListAsync(shop, question, inRange, deliveredInRange);
            }
        }
    }

    private static async Task CompareReportAsync(Shop shop, ReportQuestion question, ReportOracle oracle)
    {
        var report = await shop.ReadAsync(question.Path);
        report["total"]!.ToJsonString().ShouldBe(oracle.Total.ToJsonString(), question.Path);
        report["groups"]!.ToJsonString().ShouldBe(oracle.Groups().ToJsonString(), question.Path);
        ((string)report["experience"]!["id"]!).ShouldBe(question.Experience);
        ((string)report["experience"]!["name"]!).ShouldBe("Experience " + question.Experience);
        ((string)report["tz"]!).ShouldBe(question.Zone);
        ((string?)report["from"]).ShouldBe(question.From);
        ((string?)report["to"]).ShouldBe(question.To);
        ((string?)report["scale"]).ShouldBe(question.Scale);
        report["by"]!.AsArray().Select(static name => (string)name!).ShouldBe(question.By);
    }

    private static async Task CompareTableAsync(Shop shop, ReportQuestion question, ReportOracle oracle)
    {
        var answer = await shop.GetAsync(question.Path, "text/csv");
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe("text/csv", answer.Text);
        var rows = Read(answer.Text);
        rows[0].ShouldBe([.. question.By, .. question.Scale is null ? Array.Empty<string>() : ["start"], .. Figures], question.Path);
        rows.Skip(1).Select(static row => string.Join('|', row)).ShouldBe(oracle.Rows().Select(static row => string.Join('|', row)), question.Path);
    }

    private static async Task CompareListAsync(
        Shop shop, ReportQuestion question, List<GeneratedEvent> inRange, List<GeneratedDelivery> delivered)
    {
        var expected = GeneratedEvents.Experiences.Order(StringComparer.Ordinal).Select(id =>
            $"{{\"id\":\"{id}\",\"name\":\"Experience {id}\",{ReportOracle.Figures(inRange.Where(one => one.ExperienceId == id), delivered.Where(one => one.ExperienceId == id)).ToJsonString()[1..]}");
        var list = await shop.ReadAsync($"/api/v1/reports/experiences?{question.RangeQuery}");
        list["experiences"]!.AsArray().Select(static one => one!.ToJsonString()).ShouldBe(expected, question.Path);
    }

    private static List<string[]> Read(string text)
    {
        using var reader = new CsvParser(new StringReader(text), CultureInfo.InvariantCulture);
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add(reader.Record!);
        }

        return rows;
    }
}
