using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed class ExperiencePagesTests(Browser browser)
{
    [Fact]
    public async Task Somebody_signs_in_and_sees_what_an_experience_does()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        var id = await Happenings.HappenAsync(client);
        await client.ProjectedAsync();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = Happenings.Name }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = Happenings.Name }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = Happenings.Name }).WaitForAsync();
        await page.Locator(".intervals").WaitForAsync();
        page.Url.ShouldContain(id);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Real_events_stand_on_the_pages_as_any_correct_count_has_them()
    {
        var rows = Build.SharedOrSkip("data/open-bandit/impressions.csv");
        using var folder = new TemporaryFolder();
        await using var site = await Site.StartAsync();
        (await VitrineCommand.RunAsync(site.Server, "import", rows, "--mapping", folder.Write("mapping.json", OpenBanditTests.Mapping))).ShouldSucceed();
        using var client = site.Server.Client();
        await client.ProjectedAsync();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GotoAsync("/w/SHOP/experiences?range=all");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = "Campaign men" }) });
        await row.GetByRole(AriaRole.Cell, new() { Name = "20,000", Exact = true }).WaitForAsync();
        await row.GetByRole(AriaRole.Cell, new() { Name = "115", Exact = true }).WaitForAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "Campaign men" }).ClickAsync();
        await page.Locator(".funnel").GetByText("20,000").First.WaitForAsync();
        var table = page.GetByRole(AriaRole.Region, new() { Name = "Figures", Exact = false }).First;
        await table.GetByRole(AriaRole.Cell, new() { Name = "0.46 %" }).First.WaitForAsync();
        await table.GetByRole(AriaRole.Cell, new() { Name = "0.69 %" }).First.WaitForAsync();
        await page.Locator(".intervals").WaitForAsync();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_can_be_done_with_an_experience_is_done_in_its_row()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await Happenings.HappenAsync(client);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = Happenings.Name }) });
        await row.GetByLabel($"What can be done with {Happenings.Name}").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Pause …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await row.GetByText("Paused").WaitForAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await row.GetByText("Active").WaitForAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Duplicate …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Duplicate", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).WaitForAsync();
        (await client.GetAsync("/api/v1/experiences")).Json.GetProperty("count").GetInt32().ShouldBe(2);
        site.Complaints.ShouldBeEmpty();
    }
}
