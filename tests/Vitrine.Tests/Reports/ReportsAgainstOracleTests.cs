using System.Globalization;
using CsvHelper;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Reports over made-up events say what counting them one by one says.</summary>
public sealed class ReportsAgainstOracleTests(SharedServer shared)
{
    private const int Questions = 80;
    private static readonly string[] Figures = ["impressions", "clicks", "ctr", "unique_impressions", "unique_clicks", "unique_ctr"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task They_agree_with_counting(int seed)
    {
        var random = new Seeded((ulong)seed);
        var shop = shared.OpenShop();
        var events = GeneratedEvents.Make(random, 2500);
        await GeneratedEvents.PostAsync(shop, events);
        await GeneratedEvents.PostAsync(shop, events.Take(300));
        for (var count = 0; count < Questions; count++)
        {
            var question = ReportQuestion.Make(random);
            var inRange = question.Of(events).ToList();
            var oracle = new ReportOracle(inRange.Where(one => one.ExperienceId == question.Experience), question.TimeZone, question.By, question.Scale);
            await CompareReportAsync(shop, question, oracle);
            if (count % 4 == 0)
            {
                await CompareTableAsync(shop, question, oracle);
                await CompareListAsync(shop, question, inRange);
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
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe("text/csv");
        var rows = Read(answer.Text);
        rows[0].ShouldBe([.. question.By, .. question.Scale is null ? Array.Empty<string>() : ["start"], .. Figures], question.Path);
        rows.Skip(1).Select(static row => string.Join('|', row)).ShouldBe(oracle.Rows().Select(static row => string.Join('|', row)), question.Path);
    }

    private static async Task CompareListAsync(Shop shop, ReportQuestion question, List<GeneratedEvent> inRange)
    {
        var expected = GeneratedEvents.Experiences.Order(StringComparer.Ordinal).Select(id =>
            $"{{\"id\":\"{id}\",\"name\":\"Experience {id}\",{ReportOracle.Figures(inRange.Where(one => one.ExperienceId == id)).ToJsonString()[1..]}");
        var list = await shop.ReadAsync($"/api/v1/reports/experiences?{question.Query}");
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
