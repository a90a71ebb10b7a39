using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Support;

/// <summary>An answer of the server.</summary>
internal sealed record Answer(int Status, string Body, TimeSpan? RetryAfter)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A client of the public interface, for one workspace.</summary>
internal sealed partial class ApiClient : IDisposable
{
    private static readonly TimeSpan ProjectionLimit = TimeSpan.FromMinutes(3);
    private const string TestEnvironment = "_DEBUG";
    private readonly HttpClient _http;
    private readonly string _workspace;

    /// <summary>Creates a client with connections of its own.</summary>
    public ApiClient(Uri address, string workspace, string key)
    {
        _workspace = workspace.EndsWith(TestEnvironment, StringComparison.Ordinal) ? workspace[..^TestEnvironment.Length] : workspace;
        _http = new HttpClient(new LostConnections()) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{workspace}:{key}")));
        _http.DefaultRequestHeaders.Add("MOE-APPKEY", workspace);
    }

    /// <summary>Posts impressions and clicks.</summary>
    public Task<Answer> PostAsync(string body, string? prefer = null) => PostAsync("/v1/experiences/events", body, prefer);

    /// <summary>Posts what a customer did.</summary>
    public Task<Answer> PostGoalsAsync(string body) => PostAsync($"/v1/event/{_workspace}", body, null);

    /// <summary>Fetches an experience for a customer; answers the body.</summary>
    public async Task<string> FetchAsync(string key) =>
        (await PostAsync("/v1/experiences/fetch", $$"""{"identifiers":{"customer_id":"ada"},"experience_key":["{{key}}"]}""", null)).Body;

    /// <summary>Asks the management interface for a change, which must have an outcome.</summary>
    public async Task<Answer> ManageAsync(HttpMethod method, string path, string body, int status)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request);
        var answer = await ReadAsync(response);
        answer.Status.ShouldBe(status, answer.Body);
        return answer;
    }

    /// <summary>Publishes an experience for everybody, whose payload has a title.</summary>
    public async Task PublishAsync(string key, string title)
    {
        var variation = new JsonObject { ["name"] = "One", ["share"] = 100, ["payload"] = new JsonObject { ["title"] = new JsonObject { ["data_type"] = "string", ["value"] = title } } };
        var document = new JsonObject
        {
            ["key"] = key,
            ["name"] = "Homepage banner",
            ["audiences"] = new JsonArray(new JsonObject { ["name"] = "Everybody", ["variations"] = new JsonArray(variation) }),
        };
        await ManageAsync(HttpMethod.Post, "/api/v1/experiences", document.ToJsonString(), 201);
        await ManageAsync(HttpMethod.Post, $"/api/v1/experiences/{key}/publish", "", 200);
    }

    private async Task<Answer> PostAsync(string path, string body, string? prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        using var response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    /// <summary>Reads a path.</summary>
    public async Task<Answer> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    /// <summary>Reads a path that must answer 200.</summary>
    public async Task<string> TextAsync(string path)
    {
        var answer = await GetAsync(path);
        answer.Status.ShouldBe(200, $"{path}: {answer.Body}");
        return answer.Body;
    }

    /// <summary>Waits until the reports know all that the journal holds.</summary>
    public Task ProjectedAsync() => Poll.UntilAsync("the projection has caught up", ProjectionLimit, async () =>
        Lag().Match(await TextAsync("/metrics")) is { Success: true } lag && lag.Groups[1].Value == "0"
        && (await GetAsync("/api/v1/ledger")).Status == 200);

    /// <summary>All events that count, of one of the exports.</summary>
    public async Task<IReadOnlyList<JsonElement>> ExportAsync(string name = "events")
    {
        await ProjectedAsync();
        var lines = await TextAsync($"/api/v1/exports/{name}");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The uuids of all events that count: impressions and clicks, then goal events.</summary>
    public async Task<IReadOnlyList<Guid>> UuidsAsync() =>
        [.. (await ExportAsync()).Concat(await ExportAsync("goal-events")).Select(static one => one.GetProperty("moe_event_uuid").GetGuid())];

    /// <summary>How many events the ledger has received, refused ones included.</summary>
    public async Task<long> ReceivedAsync() =>
        (await GetAsync("/api/v1/ledger")).Json.GetProperty("total").GetProperty("events").GetProperty("received").GetInt64();

    /// <summary>Checks that every event received is accounted for.</summary>
    public async Task LedgerShouldBalanceAsync()
    {
        await ProjectedAsync();
        var events = (await GetAsync("/api/v1/ledger")).Json.GetProperty("total").GetProperty("events");
        events.GetProperty("balanced").GetBoolean().ShouldBeTrue(events.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);

    [GeneratedRegex(@"^vitrine_projection_lag_records (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Lag();
}
