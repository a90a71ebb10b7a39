using System.Globalization;
using System.Text.Json.Nodes;
using Vitrine.Projection;

namespace Vitrine.ReportBench;

/// <summary>Measures the results of an experiment, and a report with conversions.</summary>
internal static class Experiment
{
    private const string Document = """
        {"key":"{key}","name":"Experiment",
         "audiences":[{"name":"All users","variations":[{"name":"Default"},{"name":"One"},{"name":"Two"}]}],
         "goals":[{"name":"Ordered","event":"order","revenue_attribute":"amount","currency":"EUR"}]}
        """;

    /// <summary>Asks each question several times. Prints Markdown.</summary>
    public static async Task MeasureAsync(DataFolder folder, int rounds)
    {
        folder.Make();
        await using var server = await ReportServer.StartAsync(folder, withPages: true);
        var key = $"experiment-{Guid.NewGuid():N}"; // A folder that was kept has others already.
        var experience = JsonNode.Parse(await server.PostAsync("/api/v1/experiences", Document.Replace("{key}", key, StringComparison.Ordinal)))!;
        await server.PostAsync($"/api/v1/experiences/{key}/publish", null);
        using (var connection = ProjectionFile.Open(folder.Projection, new ProjectionOptions()))
        {
            ProjectionFile.Execute(connection, $"UPDATE contexts SET experience_id = '{experience["id"]}'");
        }

        Console.WriteLine("| question | first ms | ms: min / median / max | processor ms, median |");
        Console.WriteLine("|---|--:|--:|--:|");
        var report = $"/api/v1/reports/experiences/{experience["id"]}";
        foreach (var (name, path) in new[]
        {
            ("unique CTR", report + "/experiment"),
            ("conversion, sequential", report + "/experiment?metric=conversion&method=sequential"),
            ("revenue per user, winsorised, CUPED", report + "/experiment?metric=revenue_per_user&winsorise=99&cuped=14&from=2026-10-15"),
            ("report with conversions by variation, daily", report + "?by=variation&scale=day&from=2026-10-01&to=2026-10-31"),
        })
        {
            var first = await server.AskAsync(path);
            var asked = new List<Asked>();
            for (var round = 0; round < rounds; round++)
            {
                asked.Add(await server.AskAsync(path));
            }

            var times = asked.Select(static one => one.Time.TotalMilliseconds).Order().ToArray();
            var processor = asked.Select(static one => one.Processor.TotalMilliseconds).Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {first.Time.TotalMilliseconds:N0} | {times[0]:N0} / {times[times.Length / 2]:N0} / {times[^1]:N0} | {processor[processor.Length / 2]:N0} |"));
        }
    }
}
