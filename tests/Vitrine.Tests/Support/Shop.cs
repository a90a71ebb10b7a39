using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Vitrine.Tests.Support;

/// <summary>A workspace as its owner's programs see it: over HTTP, with its key.</summary>
public sealed class Shop(TestServer server, string id, string key)
{
    public const string EventsPath = "/v1/experiences/events";

    public string Id { get; } = id;

    public string Key { get; } = key;

    public TestServer Server { get; } = server;

    /// <summary>The workspace's test environment.</summary>
    public Shop Debug => new(Server, Id + "_DEBUG", Key);

    /// <summary>The same workspace on a server that was started again.</summary>
    public Shop On(TestServer other) => new(other, Id, Key);

    public string Credentials => Basic(Id, Key);

    public static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public Task<Answer> PostAsync(JsonNode body, string? prefer = null) => PostAsync(body.ToJsonString(), prefer);

    public Task<Answer> PostAsync(string body, string? prefer = null) => PostAsync(Encoding.UTF8.GetBytes(body), prefer: prefer);

    public Task<Answer> PostAsync(
        byte[] body, string? contentType = "application/json", string? contentEncoding = null, string? prefer = null) =>
        SendAsync(
            HttpMethod.Post,
            EventsPath,
            request =>
            {
                request.Content = new ByteArrayContent(body);
                AddHeader(request.Content.Headers, "Content-Type", contentType);
                AddHeader(request.Content.Headers, "Content-Encoding", contentEncoding);
                AddHeader(request.Headers, "Prefer", prefer);
            });

    /// <summary>Sends a body to the endpoint that sets attributes of a customer.</summary>
    public Task<Answer> PostCustomerAsync(
        byte[] body, string? contentType = "application/json", string? contentEncoding = null, Action<HttpRequestMessage>? change = null, string? path = null) =>
        SendAsync(HttpMethod.Post, path ?? $"/v1/customer/{Id}", request =>
        {
            request.Content = new ByteArrayContent(body);
            AddHeader(request.Content.Headers, "Content-Type", contentType);
            AddHeader(request.Content.Headers, "Content-Encoding", contentEncoding);
            change?.Invoke(request);
        });

    /// <summary>Sets attributes of a customer, given as a JSON object.</summary>
    public async Task<Answer> SetAttributesAsync(string customer, string attributes)
    {
        var body = $"{{\"type\":\"customer\",\"customer_id\":{JsonValue.Create(customer).ToJsonString()},\"attributes\":{attributes}}}";
        return (await PostCustomerAsync(Encoding.UTF8.GetBytes(body))).ShouldBeAccepted();
    }

    /// <summary>Sends a body to the endpoint that takes goal events.</summary>
    public Task<Answer> PostGoalsAsync(
        byte[] body, string? contentType = "application/json", string? contentEncoding = null, string? prefer = null, Action<HttpRequestMessage>? change = null, string? path = null) =>
        SendAsync(HttpMethod.Post, path ?? $"/v1/event/{Id}", request =>
        {
            request.Content = new ByteArrayContent(body);
            AddHeader(request.Content.Headers, "Content-Type", contentType);
            AddHeader(request.Content.Headers, "Content-Encoding", contentEncoding);
            AddHeader(request.Headers, "Prefer", prefer);
            change?.Invoke(request);
        });

    /// <summary>Reports what a customer did.</summary>
    public Task<Answer> PostGoalsAsync(string customer, params JsonObject[] actions) => PostGoalsAsync(Encoding.UTF8.GetBytes(
        new JsonObject { ["type"] = "event", ["customer_id"] = customer, ["actions"] = new JsonArray([.. actions]) }.ToJsonString()));

    /// <summary>Every goal event that counts, as the export has them.</summary>
    public async Task<IReadOnlyList<JsonObject>> GoalEventsAsync() => Lines(await GetAsync("/api/v1/exports/goal-events"));

    /// <summary>Removes the profile of a customer.</summary>
    public Task<Answer> RemoveProfileAsync(string customer) => SendAsync(HttpMethod.Delete, CustomerPath(customer), static _ => { });

    /// <summary>What is known of a customer.</summary>
    public Task<Answer> GetCustomerAsync(string customer) => GetAsync(CustomerPath(customer));

    public Task<Answer> GetAsync(string path, string? accept = null) =>
        SendAsync(HttpMethod.Get, path, request => AddHeader(request.Headers, "Accept", accept));

    public async Task<JsonObject> ReadAsync(string path)
    {
        var answer = await GetAsync(path);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    /// <summary>Every event that counts, as the export has them.</summary>
    public async Task<IReadOnlyList<JsonObject>> EventsAsync() => Lines(await GetAsync("/api/v1/exports/events"));

    /// <summary>The one event that counts.</summary>
    public async Task<JsonObject> EventAsync() => (await EventsAsync()).ShouldHaveSingleItem();

    /// <summary>The total of the books, which must balance.</summary>
    public async Task<JsonObject> LedgerAsync()
    {
        var total = (await ReadAsync("/api/v1/ledger"))["total"]!.AsObject();
        ((bool)total["events"]!["balanced"]!).ShouldBeTrue(total.ToJsonString());
        return total;
    }

    public async Task ShouldHaveStoredNothingAsync()
    {
        (await EventsAsync()).ShouldBeEmpty();
        ((long)(await LedgerAsync())["events"]!["stored"]!).ShouldBe(0);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(method, path);
        AddHeader(request.Headers, "MOE-APPKEY", Id);
        AddHeader(request.Headers, "Authorization", Credentials);
        change(request);
        using var response = await Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers, bytes);
    }

    /// <summary>Sends JSON to the management API, or nothing.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? ifMatch = null, string? contentType = "application/json", string? onBehalfOf = null) =>
        SendAsync(method, path, request =>
        {
            AddHeader(request.Headers, "If-Match", ifMatch);
            AddHeader(request.Headers, "Vitrine-On-Behalf-Of", onBehalfOf);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
                AddHeader(request.Content.Headers, "Content-Type", contentType);
            }
        });

    private static IReadOnlyList<JsonObject> Lines(Answer answer)
    {
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!.AsObject())];
    }

    private static string CustomerPath(string customer) => "/api/v1/customers/" + Uri.EscapeDataString(customer);

    /// <summary>Sets a header just as it is; null leaves it away.</summary>
    public static void AddHeader(HttpHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }
    }
}
