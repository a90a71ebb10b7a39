using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Vitrine.EndToEnd;

public sealed class LogTests
{
    private const string Customer = "grace.hopper@example.com";

    private static readonly string[] Secrets = [ServerSetup.Key, "a-wrong-key-77", Customer, "grace.hopper", "tokyo-office"];

    [Fact]
    public async Task Logs_are_one_JSON_object_a_line_and_hold_neither_keys_nor_customers()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        using var client = server.Client();
        using var stranger = server.Client(key: "a-wrong-key-77");
        using var nobody = server.Client("NOBODY", "a-wrong-key-77");
        var uuid = Guid.NewGuid();
        var good = Bodies.Of(uuid).Replace(Bodies.Customer(uuid), Customer, StringComparison.Ordinal);
        var attributes = good.Replace("\"actions\"", "\"user_attributes\":{\"office\":\"tokyo-office\"},\"actions\"", StringComparison.Ordinal);
        string[] bodies =
        [
            good, attributes, good.Replace("SHOWN", "DANCED", StringComparison.Ordinal), good[..^3], "", "null", "[]",
            good.Replace($"{uuid}", Customer, StringComparison.Ordinal), good.Replace("\"web\"", $"\"{Customer}\"", StringComparison.Ordinal),
            new string('[', 10_000), $$"""{"elements":"{{Customer}}"}""", good + new string(' ', 2 << 20),
        ];
        foreach (var body in bodies)
        {
            foreach (var one in new[] { client, stranger, nobody })
            {
                foreach (var prefer in new[] { null, "handling=lenient, return=representation" })
                {
                    await PostAsync(one, body, prefer);
                }
            }
        }

        await client.ProjectedAsync();
        string[] paths =
        [
            "/api/v1/reports/experiences", $"/api/v1/reports/experiences/{Customer}", $"/api/v1/events/{uuid}", $"/api/v1/events/{Customer}",
            "/api/v1/requests/00000000", "/api/v1/exports/events", "/api/v1/exports/events?format=parquet", "/api/v1/exports/events?format=csv",
            $"/api/v1/ledger?from={Customer}", $"/{Customer}", "/metrics", "/openapi.json", "/docs",
        ];
        foreach (var path in paths)
        {
            (await client.GetAsync(path)).Status.ShouldBeLessThan(500, path);
            (await stranger.GetAsync(path)).Status.ShouldBeLessThan(500, path);
        }

        await SendRawAsync(server, $"key:{ServerSetup.Key}");
        (await VitrineCommand.RunAsync("key", "rotate", "--data", folder.Path, "--new-key", "another-key-000001")).ShouldSucceed();
        await Poll.UntilAsync("the change is noticed", TimeSpan.FromSeconds(5), () => server.Process.Errors.Any(static line => line.Contains("catalog was changed", StringComparison.Ordinal)));
        await server.StopAsync();

        var everything = string.Join('\n', server.Process.Output.Concat(server.Process.Errors));
        foreach (var secret in Secrets.Append("another-key-000001").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.Workspace}:{ServerSetup.Key}"))))
        {
            everything.ShouldNotContain(secret);
        }

        server.Process.Errors.ShouldNotBeEmpty();
        foreach (var line in server.Process.Errors)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            entry.GetProperty("LogLevel").GetString().ShouldBeOneOf("Information", "Warning");
            entry.GetProperty("Message").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    /// <summary>A server may answer a body that is too long before it has read it.</summary>
    private static async Task PostAsync(ApiClient client, string body, string? prefer)
    {
        try
        {
            (await client.PostAsync(body, prefer)).Status.ShouldBeLessThan(500, body[..Math.Min(200, body.Length)]);
        }
        catch (HttpRequestException) when (body.Length > 1 << 20)
        {
        }
    }

    private static async Task SendRawAsync(ServerProcess server, string credentials)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await http.GetAsync(new Uri($"/api/v1/reports/experiences?key={ServerSetup.Key}", UriKind.Relative));
        ((int)response.StatusCode).ShouldBe(401);
    }
}
