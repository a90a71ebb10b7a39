using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed class AuthoringTests(Browser browser)
{
    [Fact]
    public async Task An_experience_is_written_previewed_and_published_without_a_line_of_JSON()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "New experience" }).ClickAsync();
        await FillAsync(page, "Name", "Winter banner");
        await FillAsync(page, "Key, by which clients ask for it", "winter-banner");
        await page.GetByRole(AriaRole.Group, new() { Name = "Who belongs to it" }).GetByRole(AriaRole.Button, new() { Name = "Add a condition" }).ClickAsync();
        await FillAsync(page, "Attribute", "plan");
        await FillAsync(page, "Value", "gold");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a variable" }).ClickAsync();
        await FillAsync(page, "Variable", "title");
        await FillAsync(page, "Value, or a Liquid template of it", "Hello {{ UserAttribute.name");
        await page.Locator(".field .error").GetByText("End of tag '}}' was expected").WaitForAsync();
        await FillAsync(page, "Value, or a Liquid template of it", "Winter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a variation" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a goal" }).ClickAsync();
        await FillAsync(page.GetByRole(AriaRole.Group, new() { Name = "Primary goal" }), "Name", "Ordered");
        await FillAsync(page.GetByRole(AriaRole.Group, new() { Name = "Primary goal" }), "Event", "order");
        await FillAsync(page, "Customer id", "grace");
        await page.GetByText("Gets nothing: no audience fits.").WaitForAsync();
        await client.ManageAsync(HttpMethod.Post, "/v1/customer/SHOP", """{"type":"customer","customer_id":"grace","attributes":{"plan":"gold"}}""", 200);
        await client.ProjectedAsync();
        await FillAsync(page, "Customer id", "grace ");
        await FillAsync(page, "Customer id", "grace");
        await page.GetByText("Gets “").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish to Everybody …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("winter-banner").First.WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await page.GetByText("published", new() { Exact = true }).WaitForAsync();
        var fetched = await client.ManageAsync(HttpMethod.Post, "/v1/experiences/fetch", """{"identifiers":{"customer_id":"grace"},"experience_key":["winter-banner"]}""", 200);
        fetched.Body.ShouldContain("Winter");
        site.Complaints.ShouldBeEmpty();
    }

    private static Task FillAsync(IPage page, string label, string text) => FillAsync(page.Locator("main"), label, text);

    private static async Task FillAsync(ILocator part, string label, string text)
    {
        var field = part.GetByLabel(label, new() { Exact = true }).First;
        await field.FillAsync(text);
        await field.BlurAsync();
    }
}
