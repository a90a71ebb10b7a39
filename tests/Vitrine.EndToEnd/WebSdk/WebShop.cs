using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.WebSdk;

/// <summary>
/// A shop's page on a web server of its own, with the SDK's tag, and a Vitrine server that its pages may speak to from
/// another origin. The page has the script from the shop, so that it starts while Vitrine is away.
/// </summary>
internal sealed class WebShop : IAsyncDisposable
{
    public const string Context = """{"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A","experience":"Homepage banner","moe_locale_id":"0","moe_variation_id":"1","audience_name":"All Users","audience_id":"5A","type":"Web Personalization"}""";

    private static readonly string Script = File.ReadAllText(Path.Combine(Build.Root, "src/Vitrine/WebSdk/wwwroot/vitrine.js"));

    private readonly Counter _counter;
    private readonly WebApplication _pages;
    private string _clientKey = "";

    private WebShop(Counter counter, WebApplication pages, IBrowserContext window) => (_counter, _pages, Window) = (counter, pages, window);

    /// <summary>A window that nobody has been to the shop with.</summary>
    public IBrowserContext Window { get; }

    /// <summary>Where its page is.</summary>
    public Uri Address => new(_pages.Urls.Single());

    /// <summary>The Vitrine server.</summary>
    public ServerProcess Server => _counter.Server;

    /// <summary>What the page holds beside the tag.</summary>
    public string Body { get; set; } = "";

    /// <summary>Further attributes of the tag.</summary>
    public string Attributes { get; set; } = "";

    /// <summary>Where the page has the script from; null: from the shop.</summary>
    public string? ScriptAddress { get; set; }

    /// <summary>The uuids of each request in which a page reported events, in order.</summary>
    public List<IReadOnlyList<Guid>> Reported { get; } = [];

    /// <summary>Starts both, and opens a window. Without a server to share it has one of its own, which can be killed.</summary>
    public static async Task<WebShop> StartAsync(Browser browser, SharedServer? shared = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var pages = builder.Build();
        WebShop? shop = null;
        pages.MapGet("/vitrine.js", static () => Results.Text(Script, "text/javascript"));
        pages.MapGet("/", () => Results.Text(shop!.Page(), "text/html"));
        await pages.StartAsync();
        var window = await browser.OpenAsync(new Uri(pages.Urls.Single()));
        shop = new WebShop(shared is null ? await Counter.StartAsync() : await Counter.OpenAsync(shared), pages, window);
        shop._clientKey = await shop._counter.NewClientKeyAsync(pages.Urls.Single());
        return shop;
    }

    /// <summary>kill -9 of the Vitrine server.</summary>
    public Task KillAsync() => _counter.KillAsync();

    /// <summary>Starts it again where it was.</summary>
    public Task RestartAsync() => _counter.RestartAsync();

    /// <summary>Publishes an experience for everybody.</summary>
    public Task PublishAsync(string key, string title) => _counter.PublishAsync(key, title);

    /// <summary>Opens the page, and notes what it reports.</summary>
    public async Task<IPage> OpenAsync()
    {
        var page = await Window.NewPageAsync();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST" && request.Url.Contains("/v1/experiences/events", StringComparison.Ordinal) && request.PostData is { } body)
            {
                lock (Reported)
                {
                    Reported.Add(UuidsOf(body));
                }
            }
        };
        await page.GotoAsync(Address.ToString());
        return page;
    }

    /// <summary>Waits until so many events count, and answers them; each was stored once.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(int count)
    {
        var events = await _counter.EventsAsync(count);
        events.Count.ShouldBe(count);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Window.DisposeAsync();
        await _counter.DisposeAsync();
        await _pages.DisposeAsync();
    }

    private string Page() => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Shop</title>
        <script src="{ScriptAddress ?? "/vitrine.js"}" data-host="{Server.Address.GetLeftPart(UriPartial.Authority)}" data-workspace="{Server.Workspace}" data-client-key="{_clientKey}" {Attributes}></script>
        <script>const context = {Context};</script>
        </head><body>{Body}</body></html>
        """;

    private static Guid[] UuidsOf(string body) => [.. JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 200 }).RootElement.GetProperty("elements").EnumerateArray()
        .SelectMany(static element => element.GetProperty("actions").EnumerateArray())
        .Select(static action => action.GetProperty("moe_event_uuid").GetGuid())];
}
