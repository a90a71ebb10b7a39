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

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _pages;
    private string _clientKey = "";

    private WebShop(TemporaryFolder folder, WebApplication pages, IBrowserContext window, ServerProcess server) =>
        (_folder, _pages, Window, Server) = (folder, pages, window, server);

    /// <summary>A window that nobody has been to the shop with.</summary>
    public IBrowserContext Window { get; }

    /// <summary>Where its page is.</summary>
    public Uri Address => new(_pages.Urls.Single());

    /// <summary>The Vitrine server.</summary>
    public ServerProcess Server { get; private set; }

    /// <summary>What the page holds beside the tag.</summary>
    public string Body { get; set; } = "";

    /// <summary>Further attributes of the tag.</summary>
    public string Attributes { get; set; } = "";

    /// <summary>Where the page has the script from; null: from the shop.</summary>
    public string? ScriptAddress { get; set; }

    /// <summary>The uuids of each request in which a page reported events, in order.</summary>
    public List<IReadOnlyList<Guid>> Reported { get; } = [];

    /// <summary>Starts both, and opens a window.</summary>
    public static async Task<WebShop> StartAsync(Browser browser)
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
        var folder = new TemporaryFolder();
        shop = new WebShop(folder, pages, window, await ServerProcess.StartAsync(folder["data"]));
        var made = (await VitrineCommand.RunAsync("key", "create", "--client", "--origin", pages.Urls.Single(), "--data", folder["data"])).ShouldSucceed();
        shop._clientKey = made.Output[^1].Split(' ')[^1];
        using var client = shop.Server.Client(key: shop._clientKey);
        await Poll.UntilAsync("the key is known", TimeSpan.FromSeconds(10), async () => (await client.GetAsync("/v1/experiences/metadata")).Status == 200);
        return shop;
    }

    /// <summary>kill -9 of the Vitrine server.</summary>
    public Task KillAsync() => Server.KillAsync();

    /// <summary>Starts it again where it was.</summary>
    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        Server = await ServerProcess.StartAsync(new ServerSetup(_folder["data"]) { Urls = Server.Address.GetLeftPart(UriPartial.Authority) });
    }

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
        using var client = Server.Client();
        await Poll.UntilAsync($"{count} events are there", TimeSpan.FromSeconds(60), async () => (await client.ExportAsync()).Count >= count);
        var events = await client.ExportAsync();
        events.Count.ShouldBe(count);
        await client.LedgerShouldBalanceAsync();
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Window.DisposeAsync();
        await Server.DisposeAsync();
        await _pages.DisposeAsync();
        _folder.Dispose();
    }

    private string Page() => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Shop</title>
        <script src="{ScriptAddress ?? "/vitrine.js"}" data-host="{Server.Address.GetLeftPart(UriPartial.Authority)}" data-workspace="{ServerSetup.Workspace}" data-client-key="{_clientKey}" {Attributes}></script>
        <script>const context = {Context};</script>
        </head><body>{Body}</body></html>
        """;

    private static Guid[] UuidsOf(string body) => [.. JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 200 }).RootElement.GetProperty("elements").EnumerateArray()
        .SelectMany(static element => element.GetProperty("actions").EnumerateArray())
        .Select(static action => action.GetProperty("moe_event_uuid").GetGuid())];
}
