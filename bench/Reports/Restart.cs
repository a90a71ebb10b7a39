using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.ReportBench;

/// <summary>How long the built executable takes from its launch on a data folder until it is of use.</summary>
/// <param name="Accepting">Until the first event is acknowledged.</param>
/// <param name="Deduplicating">Until a repetition of an event that was counted long ago is told from a new one.</param>
/// <param name="ResidentBytes">Memory of the process then.</param>
/// <param name="UuidBytes">Of that, memory of the uuids.</param>
/// <param name="UuidDiskBytes">Bytes of uuids on the disk.</param>
internal sealed record Restart(TimeSpan Accepting, TimeSpan Deduplicating, long ResidentBytes, long UuidBytes, long UuidDiskBytes)
{
    /// <summary>The header of the table.</summary>
    public const string Header = """
        | restart | s until events are acknowledged | s until repetitions are told | resident MB | MB of uuids in memory | MB on the disk |
        |---|--:|--:|--:|--:|--:|
        """;

    /// <summary>Starts and measures.</summary>
    public static async Task<Restart> MeasureAsync(DataFolder folder)
    {
        var known = AnyUuid(folder);
        var (key, port) = (WorkspaceRules.NewKey(), FreePort());
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "vitrine"), ["serve", "--urls", $"http://127.0.0.1:{port}", "--data", folder.Path])
        {
            Environment = { ["VITRINE_WORKSPACE"] = DataFolder.Workspace, ["VITRINE_API_KEY"] = key },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Add("MOE-APPKEY", DataFolder.Workspace);
        client.DefaultRequestHeaders.Add(
            "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DataFolder.Workspace}:{key}")));
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await UntilAsync(process, async () => await PostAsync(client, Guid.NewGuid(), wait: false) is not null);
            var accepting = clock.Elapsed;
            await UntilAsync(process, async () => (string?)(await PostAsync(client, known, wait: true))?["events"]?[0]?["outcome"] is { } outcome
                && (outcome == "duplicate" ? true : throw new InvalidOperationException($"{known} was counted again.")));
            var deduplicating = clock.Elapsed;
            process.Refresh();
            var metrics = await client.GetStringAsync("/metrics");
            return new Restart(
                accepting, deduplicating, process.WorkingSet64, Metric(metrics, "vitrine_projection_uuid_bytes"), Metric(metrics, "vitrine_projection_uuid_disk_bytes"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>A line of the table.</summary>
    public string Line(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Accepting.TotalSeconds:N1} | {Deduplicating.TotalSeconds:N1} | {ResidentBytes / 1e6:N0} | {UuidBytes / 1e6:N0} | {UuidDiskBytes / 1e6:N0} |");

    private static async Task UntilAsync(Process process, Func<Task<bool>> reached)
    {
        while (true)
        {
            try
            {
                if (await reached())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(5); // It does not listen yet.
            }
        }
    }

    private static async Task<JsonNode?> PostAsync(HttpClient client, Guid uuid, bool wait)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/experiences/events")
        {
            Content = new StringContent(
                $$$"""
                {"elements":[{"customer_id":"customer-1","actions":[{"action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","moe_event_uuid":"{{{uuid}}}",
                "attributes":{"cid":"experience0_AB_0","experience":"Experience 0","moe_locale_id":"0","moe_variation_id":"0","audience_name":"All users","audience_id":"5A"}}]}]}
                """,
                Encoding.UTF8,
                "application/json"),
        };
        if (wait)
        {
            request.Headers.Add("Prefer", "return=representation");
        }

        using var answer = await client.SendAsync(request);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>() : null;
    }

    private static long Metric(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
        .Sum(static line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));

    private static Guid AnyUuid(DataFolder folder)
    {
        using var connection = new DuckDBConnection($"DataSource={ProjectionPaths.In(folder.Path).File};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT uuid FROM events LIMIT 1";
        return (Guid)command.ExecuteScalar()!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
