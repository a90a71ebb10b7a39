using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

public sealed class ExperiencePagesTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Somebody_signs_in_and_sees_what_an_experience_does()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        var id = await Happenings.HappenAsync(client);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = Happenings.Name }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = Happenings.Name }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = Happenings.Name }).WaitForAsync();
        await page.Locator(".intervals").WaitForAsync();
        page.Url.ShouldContain(id);
        site.Complaints.ShouldBeEmpty();
    }
}
