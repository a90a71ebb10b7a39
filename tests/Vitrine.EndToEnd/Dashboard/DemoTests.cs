using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed class DemoTests(Browser browser)
{
    [Fact]
    public async Task A_demo_lives_and_says_that_it_is_one()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder["data"]) { Arguments = ["--demo"], Environment = new Dictionary<string, string>() });
        server.Process.Output.ShouldContain(static line => line.Contains("Secret key", StringComparison.Ordinal));
        await using var window = await browser.OpenAsync(server.Address);
        var page = await window.NewPageAsync();
        await page.GotoAsync(Site.WelcomeOf(server));
        await page.GetByLabel("Name").FillAsync(Site.Admin);
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make me admin" }).ClickAsync();
        await page.GetByText("Demo: these customers are made up").WaitForAsync();
        page.Url.ShouldContain("/w/DEMO/");
        await Poll.UntilAsync("there is a month of history", TimeSpan.FromMinutes(2), async () =>
        {
            await page.ReloadAsync();
            var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "homepage-banner" });
            await row.WaitForAsync();
            var shown = (await row.GetByRole(AriaRole.Cell).Nth(3).TextContentAsync())!.Trim().Split(' ', '\n')[0].Replace(",", "", StringComparison.Ordinal);
            return int.TryParse(shown, null, out var impressions) && impressions > 3_000; // Nothing, while they are being counted.
        });
        await page.GetByRole(AriaRole.Link, new() { Name = "Live" }).ClickAsync();
        await page.GetByText("visitor-").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Experiences", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Homepage banner" }).ClickAsync();
        await page.Locator(".intervals").WaitForAsync();
        (await page.Locator(".warning").CountAsync()).ShouldBe(0, "the demo's customers are spread as they should be");
        await window.CloseAsync();
        await server.StopAsync();
        server.Process.Output.ShouldNotContain(static line => line.Contains("was answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_normal_start_has_nothing_of_it()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        site.Server.Process.Output.ShouldNotContain(static line => line.Contains("DEMO", StringComparison.Ordinal));
        (await client.ReceivedAsync()).ShouldBe(0);
    }
}
