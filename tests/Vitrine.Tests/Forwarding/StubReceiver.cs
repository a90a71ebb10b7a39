using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vitrine.Tests.Forwarding;

/// <summary>A request that a receiver got.</summary>
internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public IEnumerable<JsonNode> Events => JsonNode.Parse(Body)!["events"]!.AsArray()!;
}

/// <summary>Takes whatever is sent to it, and answers as it is told.</summary>
internal sealed class StubReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();

    private StubReceiver(WebApplication application) => _application = application;

    public Func<ReceivedRequest, int> Answer { get; set; } = static _ => 200;

    public bool Hangs { get; set; }

    public Uri Url => new(_application.Urls.First());

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public IReadOnlyList<JsonNode> Events => [.. Requests.Where(one => Answer(one) == 200).SelectMany(static one => one.Events)];

    public static async Task<StubReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new StubReceiver(builder.Build());
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ReceivedRequest(context.Request.Path, context.Request.Headers.ToDictionary(static one => one.Key, static one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        _requests.Enqueue(request);
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        context.Response.StatusCode = Answer(request);
        if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "7";
        }
    }
}
