using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Vitrine.Load;

/// <summary>Compares the fetch endpoint with the no-op, and tells how soon a publish is decided by.</summary>
internal static class FetchDriver
{
    private const int Experiences = 5;
    private const int Publishes = 50;
    private const string Path = "/api/v1/experiences";

    /// <summary>Measures round by round and answers the figures as Markdown.</summary>
    public static async Task<string> RunAsync(Scenario scenario, LoadOptions options)
    {
        var rounds = new List<(Measurement NoOp, Measurement Fetch)>();
        var folder = System.IO.Path.Combine(options.Data, scenario.Name);
        await using var server = await LoadedServer.StartAsync(folder);
        using var client = server.Client();
        for (var number = 0; number < Experiences; number++)
        {
            await SendAsync(client, HttpMethod.Post, Path, Document(number));
            await SendAsync(client, HttpMethod.Post, $"{Path}/load-experience-{number}/publish", null);
        }

        await server.LoadNoOpAsync(scenario, options, options.WarmUpSeconds);
        await server.LoadFetchAsync(scenario, options, options.WarmUpSeconds);
        for (var index = 1; index <= options.Rounds; index++)
        {
            var noOp = await server.LoadNoOpAsync(scenario, options, options.Seconds);
            rounds.Add((noOp, await server.LoadFetchAsync(scenario, options, options.Seconds)));
            await Console.Error.WriteLineAsync(FormattableString.Invariant(
                $"{scenario.Name} {index}/{options.Rounds}: no-op {noOp.Wrk.Rate:N0}/s, fetch {rounds[^1].Fetch.Wrk.Rate:N0}/s, ratio {rounds[^1].Fetch.Wrk.Rate / noOp.Wrk.Rate:N2}"));
        }

        var loading = server.LoadFetchAsync(scenario, options, options.Seconds);
        var publishes = await PublishAsync(client);
        var beside = await loading;
        return Write(scenario, rounds, publishes, beside);
    }

    private static string Write(
        Scenario scenario, List<(Measurement NoOp, Measurement Fetch)> rounds, List<double> publishes, Measurement beside)
    {
        var text = new StringBuilder();
        text.AppendLine("| load | no-op requests/s | fetch requests/s | ratio | no-op p50 / p99 | fetch p50 / p99 | allocated bytes/request, no-op | fetch | not 2xx |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {scenario.Title} | {Median(rounds.Select(static one => one.NoOp.Wrk.Rate)):N0} | {Median(rounds.Select(static one => one.Fetch.Wrk.Rate)):N0} | {Median(rounds.Select(static one => one.Fetch.Wrk.Rate / one.NoOp.Wrk.Rate)):N2} | {Latency(rounds.Select(static one => one.NoOp))} | {Latency(rounds.Select(static one => one.Fetch))} | {Median(rounds.Select(static one => one.NoOp.AllocatedBytes)):N0} | {Median(rounds.Select(static one => one.Fetch.AllocatedBytes)):N0} | {rounds.Sum(static one => one.NoOp.Wrk.Refused + one.Fetch.Wrk.Refused)} |");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Publishes} publishes under that load, from the request until a fetch answers the new content: median {Median(publishes):N1} ms, longest {publishes.Max():N1} ms; fetch meanwhile {beside.Wrk.Rate:N0}/s, p99 {beside.Wrk.Latencies.Measured(99).TotalMilliseconds:N1} ms, longest {beside.Wrk.Latencies.Measured(100).TotalMilliseconds:N1} ms.");
        return text.ToString();
    }

    /// <summary>Milliseconds from asking for a publish until a fetch answers what was published.</summary>
    private static async Task<List<double>> PublishAsync(HttpClient client)
    {
        var times = new List<double>();
        for (var number = 0; number < Publishes; number++)
        {
            var title = $"Title {Guid.NewGuid():N}";
            await SendAsync(client, HttpMethod.Put, $"{Path}/load-experience-0", Document(0, title));
            var started = Stopwatch.GetTimestamp();
            await SendAsync(client, HttpMethod.Post, $"{Path}/load-experience-0/publish", null);
            while (!(await SendAsync(client, HttpMethod.Post, "/v1/experiences/fetch", JsonNode.Parse("""{"experience_key":"load-experience-0","utm_medium":"email"}"""))).Contains(title, StringComparison.Ordinal))
            {
                // Not decided by yet.
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    private static async Task<string> SendAsync(HttpClient client, HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (method == HttpMethod.Put)
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        }

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? answer : throw new LoadException($"{method} {path}: {answer}");
    }

    private static JsonObject Document(int number, string title = "Welcome back")
    {
        var payload = new JsonObject
        {
            ["title"] = new JsonObject { ["data_type"] = "string", ["value"] = title },
            ["columns"] = new JsonObject { ["data_type"] = "number", ["value"] = 3 },
            ["dark"] = new JsonObject { ["data_type"] = "boolean", ["value"] = true },
        };
        return new JsonObject
        {
            ["key"] = $"load-experience-{number}",
            ["name"] = $"Load experience {number}",
            ["audiences"] = new JsonArray(new JsonObject
            {
                ["name"] = "By e-mail",
                ["match"] = JsonNode.Parse("""{"source":"request","name":"utm_medium","op":"equals","value":"email"}"""),
                ["variations"] = new JsonArray(
                    new JsonObject { ["name"] = "Control", ["payload"] = payload },
                    new JsonObject { ["name"] = "Bold", ["payload"] = payload.DeepClone() }),
            }),
        };
    }

    /// <summary>The one in the middle, or between the two there.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Latency(IEnumerable<Measurement> measurements) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(measurements.Select(static one => one.Wrk.Latencies.Measured(50).TotalMilliseconds)):N1} / {Median(measurements.Select(static one => one.Wrk.Latencies.Measured(99).TotalMilliseconds)):N1} ms");
}
