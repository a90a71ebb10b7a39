using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vitrine.EndToEnd.Support;

/// <summary>A program that takes a webhook, as docs/forwarding.md tells to write one, and remembers what it got.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    /// <summary>With which deliveries are signed.</summary>
    public const string Secret = "a-secret-of-the-receiver";

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<JsonElement> _events = new();
    private readonly ConcurrentQueue<string> _surprises = new();

    private Receiver(WebApplication application) => _application = application;

    /// <summary>What it answers to the events of a delivery; it keeps those that it answers with 200.</summary>
    public Func<IReadOnlyList<JsonElement>, int> Answer { get; set; } = static _ => 200;

    /// <summary>Its address.</summary>
    public string Url => _application.Urls.First() + "/hook";

    /// <summary>All events, in the order of their arrival.</summary>
    public IReadOnlyList<JsonElement> Events => [.. _events];

    /// <summary>The uuids of the events, each where it came first.</summary>
    public IReadOnlyList<Guid> Uuids => [.. Events.Select(static one => one.GetProperty("moe_event_uuid").GetGuid()).Distinct()];

    /// <summary>Starts one on any free port.</summary>
    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._application.MapPost("/hook", (Delegate)receiver.TakeAsync);
        await receiver._application.StartAsync();
        return receiver;
    }

    /// <summary>Every delivery was signed, and each customer's events came in the order of the journal, repetitions aside.</summary>
    public void ShouldBeInOrder()
    {
        _surprises.ShouldBeEmpty();
        var seen = new HashSet<Guid>();
        var last = new Dictionary<string, (long Position, Guid Uuid)>();
        foreach (var one in Events)
        {
            var (customer, position, uuid) = (one.GetProperty("customer_id").GetString()!, one.GetProperty("position").GetInt64(), one.GetProperty("moe_event_uuid").GetGuid());
            if (seen.Add(uuid))
            {
                last.GetValueOrDefault(customer).Position.ShouldBeLessThanOrEqualTo(position, $"{uuid} of {customer} came behind {last.GetValueOrDefault(customer).Uuid}");
                last[customer] = (position, uuid);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        if (!IsGenuine(context.Request.Headers["Vitrine-Signature"].ToString(), buffer.ToArray()) || !Guid.TryParse(context.Request.Headers["Vitrine-Delivery"], out _))
        {
            _surprises.Enqueue($"a delivery with the signature '{context.Request.Headers["Vitrine-Signature"]}'");
            return Results.StatusCode(401);
        }

        IReadOnlyList<JsonElement> events = [.. JsonDocument.Parse(buffer.ToArray()).RootElement.GetProperty("events").EnumerateArray()];
        var status = Answer(events);
        if (status == 200)
        {
            foreach (var one in events)
            {
                _events.Enqueue(one);
            }
        }

        return Results.StatusCode(status);
    }

    /// <summary>As docs/forwarding.md tells it.</summary>
    private static bool IsGenuine(string signature, byte[] body)
    {
        var parts = signature.Split(',').Select(static part => part.Split('=', 2)).Where(static part => part.Length == 2).ToDictionary(static part => part[0], static part => part[1]);
        if (!parts.TryGetValue("t", out var seconds) || !parts.TryGetValue("v1", out var given))
        {
            return false;
        }

        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed));
        var isRecent = Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(seconds, null)) < 300;
        return isRecent && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(right), Encoding.ASCII.GetBytes(given));
    }
}
