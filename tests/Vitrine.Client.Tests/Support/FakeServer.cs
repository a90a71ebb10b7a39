using System.Net;
using System.Text;
using System.Text.Json;

namespace Vitrine.Client.Tests.Support;

/// <summary>
/// Stands where a server's answers must fail on demand. What the real one answers is tested against the built server, in
/// <c>Vitrine.EndToEnd</c>.
/// </summary>
internal sealed class FakeServer : HttpMessageHandler
{
    public const string Acknowledgement = """{"status":"success","message":"Your request has been accepted and will be processed soon.","req_id":"SKuSLFnX"}""";

    private readonly Lock _lock = new();
    private readonly List<JsonElement> _bodies = [];

    /// <summary>Answers a request, of its number and its body. By default it acknowledges everything.</summary>
    public Func<int, JsonElement, HttpResponseMessage> Answer { get; set; } = static (_, _) => Ok(Acknowledgement);

    /// <summary>The bodies of the requests, in order.</summary>
    public IReadOnlyList<JsonElement> Bodies
    {
        get
        {
            lock (_lock)
            {
                return [.. _bodies];
            }
        }
    }

    /// <summary>The headers of the last request.</summary>
    public HttpRequestMessage? Last { get; private set; }

    /// <summary>The uuids of each request that reported events.</summary>
    public IReadOnlyList<IReadOnlyList<Guid>> Uuids => [.. Bodies.Select(static body => (IReadOnlyList<Guid>)[.. UuidsOf(body)])];

    public static HttpResponseMessage Ok(string json) => Of(HttpStatusCode.OK, json);

    public static HttpResponseMessage Of(HttpStatusCode status, string json) => new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static IEnumerable<Guid> UuidsOf(JsonElement body) => body.GetProperty("elements").EnumerateArray()
        .SelectMany(static element => element.GetProperty("actions").EnumerateArray())
        .Select(static action => action.GetProperty("moe_event_uuid").GetGuid());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = request.Content is null ? "{}" : await request.Content.ReadAsStringAsync(cancellationToken);
        int number;
        var body = JsonDocument.Parse(text).RootElement;
        lock (_lock)
        {
            Last = request;
            _bodies.Add(body);
            number = _bodies.Count;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Answer(number, body);
    }
}
