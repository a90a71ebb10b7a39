using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.WebSdk;

[Collection(PagesAndApps.Name)]
public sealed partial class SampleTests(Browser browser)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_page_with_the_module_shows_the_banner_and_reports_that_it_was_seen_and_clicked()
    {
        using var copy = new SourceCopy();
        await copy.BuildAsync("sdk/web");
        await copy.BuildAsync("samples/web");
        await using var counter = await Counter.StartAsync();
        await counter.PublishAsync("homepage-banner", "Hello");
        await using var shop = new ChildProcess("node", [copy["samples/web/serve.mjs"]], new Dictionary<string, string>
        {
            ["VITRINE_HOST"] = counter.Address.GetLeftPart(UriPartial.Authority),
            ["VITRINE_CLIENT_KEY"] = await counter.NewClientKeyAsync("*"),
            ["PORT"] = "0",
        });
        var address = await shop.SaysAsync(Listening(), Limit);
        await using var window = await browser.OpenAsync(new Uri(address));
        var page = await window.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Hello" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy now" }).ClickAsync();
        var events = await counter.EventsAsync(2);
        events.Select(static one => one.GetProperty("action").GetString()!.Split('_')[^1]).Order().ShouldBe(["CLICKED", "SHOWN"]);
    }

    [GeneratedRegex(@"The shop is at (http://\S+)")]
    private static partial Regex Listening();
}
