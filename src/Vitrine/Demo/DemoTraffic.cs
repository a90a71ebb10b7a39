using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Vitrine.Demo;

/// <summary>Lets the made-up shop live: a month of history when it is new, and customers who keep coming.</summary>
/// <remarks>
/// It speaks to its own server over HTTP as a shop would, with the workspace's key. What fails is tried again with the next
/// customer; it ends with the server, and when somebody replaces the key.
/// </remarks>
internal sealed partial class DemoTraffic(
    DemoKey key, DemoShop shop, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DemoTraffic> logger) : BackgroundService
{
    private const int Days = 30;
    private const int VisitsADay = 400;
    private const int ElementsAtOnce = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly DemoCustomers _customers = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            using var client = Connect();
            if (shop.Furnish())
            {
                await RememberAsync(client, stoppingToken);
            }

            for (var visitor = 0; ; visitor++)
            {
                await Task.Delay(Pause, time, stoppingToken);
                await VisitAsync(client, $"visitor-{time.GetUtcNow().ToUnixTimeSeconds()}-{visitor}", stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
        catch (KeyReplacedException)
        {
            KeyReplaced();
        }
    }

    /// <summary>Reports what happened in the last weeks.</summary>
    private async Task RememberAsync(HttpClient client, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var elements = new JsonArray();
        for (var day = Days; day >= 0; day--)
        {
            for (var visit = 0; visit < VisitsADay; visit++)
            {
                var at = today.AddDays(-day) + _customers.Moment();
                if (at > now)
                {
                    continue;
                }

                var customer = $"customer-{day}-{visit}";
                var (element, done) = _customers.Visit(customer, shop.Experiences[_customers.Next(shop.Experiences.Count)], at);
                elements.Add((JsonNode)element);
                if (done.Count > 0)
                {
                    await PostAsync(client, $"v1/event/{DemoShop.WorkspaceId}", new JsonObject { ["type"] = "event", ["customer_id"] = customer, ["actions"] = done }, stop);
                }

                if (elements.Count == ElementsAtOnce)
                {
                    await PostAsync(client, "v1/experiences/events", new JsonObject { ["elements"] = elements }, stop);
                    elements = [];
                }
            }
        }

        if (elements.Count > 0)
        {
            await PostAsync(client, "v1/experiences/events", new JsonObject { ["elements"] = elements }, stop);
        }
    }

    /// <summary>Somebody comes: fetches, sees, and perhaps clicks and buys.</summary>
    private async Task VisitAsync(HttpClient client, string customer, CancellationToken stop)
    {
        var asked = shop.Experiences[_customers.Next(shop.Experiences.Count)];
        var fetched = await PostAsync(
            client,
            "v1/experiences/fetch",
            new JsonObject { ["identifiers"] = new JsonObject { ["customer_id"] = customer }, ["experience_key"] = new JsonArray(asked.Key) },
            stop);
        if (fetched?["experiences"]?[asked.Key]?["experience_context"] is not JsonObject context)
        {
            return;
        }

        var place = int.TryParse((string?)context["moe_variation_id"], out var variation) ? variation : 0;
        var now = time.GetUtcNow();
        var (actions, done) = _customers.React(context, place % 3, now);
        await PostAsync(client, "v1/experiences/events", new JsonObject { ["elements"] = new JsonArray(new JsonObject { ["customer_id"] = customer, ["actions"] = actions }) }, stop);
        foreach (var one in done.OfType<JsonObject>())
        {
            one["current_time"] = now.ToUnixTimeSeconds(); // Nobody waits for it here.
        }

        if (done.Count > 0)
        {
            await PostAsync(client, $"v1/event/{DemoShop.WorkspaceId}", new JsonObject { ["type"] = "event", ["customer_id"] = customer, ["actions"] = done }, stop);
        }
    }

    private async Task<JsonNode?> PostAsync(HttpClient client, string path, JsonObject body, CancellationToken stop)
    {
        try
        {
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (answer.IsSuccessStatusCode)
            {
                return JsonNode.Parse(text);
            }

            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new KeyReplacedException();
            }

            Refused(path, (int)answer.StatusCode, text);
        }
        catch (HttpRequestException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The server ends, and takes no more connections.
        }
        catch (HttpRequestException fault)
        {
            Refused(path, 0, fault.Message);
        }

        return null;
    }

    private HttpClient Connect()
    {
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
        var client = new HttpClient { BaseAddress = new Uri(address.TrimEnd('/') + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DemoShop.WorkspaceId}:{key.Value}")));
        client.DefaultRequestHeaders.Add("MOE-APPKEY", DemoShop.WorkspaceId);
        return client;
    }

    private async Task StartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stop);
    }

    [LoggerMessage(LogLevel.Warning, "The demo's request to {Path} was answered {Status}: {Text}")]
    private partial void Refused(string path, int status, string text);

    [LoggerMessage(LogLevel.Warning, "The key of the demo's workspace was replaced: its customers come back with the next start.")]
    private partial void KeyReplaced();

    private sealed class KeyReplacedException : Exception;
}

/// <summary>The key that the demo's customers come with; made anew with each start.</summary>
/// <param name="Value">The secret key.</param>
internal sealed record DemoKey(string Value);
