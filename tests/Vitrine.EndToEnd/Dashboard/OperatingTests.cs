using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed class OperatingTests(Browser browser)
{
    [Fact]
    public async Task Somebody_finds_out_why_an_event_is_not_there()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Live" }).ClickAsync();
        await page.GetByText("No events yet").WaitForAsync();
        var uuid = Guid.NewGuid();
        (await client.PostAsync(Bodies.Of(uuid))).Status.ShouldBe(200);
        (await client.PostAsync(Bodies.Of(uuid))).Status.ShouldBe(200);
        (await client.PostAsync(Bodies.Of(Guid.NewGuid()).Replace("event_time\":1725258666", "event_time\":\"yesterday\"", StringComparison.Ordinal))).Status.ShouldBe(400);
        var tail = page.GetByRole(AriaRole.Region, new() { Name = "Events as they arrive" });
        await tail.GetByText("duplicate").First.WaitForAsync();
        await tail.GetByText("event_time").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "rejected", Exact = true }).ClickAsync();
        await Assertions.Expect(tail.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await page.GetByLabel("moe_event_uuid or req_id").FillAsync(uuid.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await page.GetByText("counted with request").WaitForAsync();
        await page.GetByLabel("moe_event_uuid or req_id").FillAsync(Guid.NewGuid().ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await page.GetByText("No request of this environment brought an event").WaitForAsync();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_events_become_hourly_figures_and_pages_say_so()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        (await client.PostAsync(Bodies.New(50))).Status.ShouldBe(200); // Of the year 2024.
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Days for which single events are kept").FillAsync("0.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the retention …" }).ClickAsync();
        await page.GetByText("Events are kept for 1 to 3650 whole days").WaitForAsync();
        await page.GetByLabel("Days for which single events are kept").FillAsync("30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the retention …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await page.GetByText("Older events become hourly figures now.").WaitForAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Audit log" }).GetByText("set retention").WaitForAsync();
        await Poll.UntilAsync("no single event is left", TimeSpan.FromSeconds(60), async () => (await client.UuidsAsync()).Count == 0);
        await page.GotoAsync($"/w/SHOP/experiences/{Bodies.Experience}?range=all");
        await page.GetByText("Single events are kept from").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "unique", Exact = true }).ClickAsync();
        await page.GetByText("≈").Nth(1).WaitForAsync(); // The first is in the note.
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_admin_lets_somebody_look_who_can_change_nothing()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        var id = await Happenings.HappenAsync(client);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("grace@example.com");
        await page.GetByLabel("First password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the person" }).ClickAsync();
        await page.GetByText("grace@example.com can sign in now.").WaitForAsync();
        await page.GetByLabel("The old key goes on for hours").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate the key …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rotate", Exact = true }).ClickAsync();
        var key = await page.Locator("#new-key").TextContentAsync();
        using var renewed = site.Server.Client(key: key!);
        (await renewed.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200, "the old key goes on for an hour");
        await page.GetByRole(AriaRole.Region, new() { Name = "Audit log" }).GetByText("rotate key").WaitForAsync();

        await using var other = await browser.OpenAsync(site.Server.Address);
        var viewer = await site.WatchAsync(other);
        await viewer.GotoAsync($"/w/SHOP/experiences/{id}");
        await viewer.GetByLabel("Name").FillAsync("grace@example.com");
        await viewer.GetByLabel("Password").FillAsync(Site.Password);
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await viewer.GetByRole(AriaRole.Heading, new() { Name = Happenings.Name }).WaitForAsync();
        (await viewer.GetByRole(AriaRole.Link, new() { Name = "Edit" }).CountAsync()).ShouldBe(0);
        (await viewer.GetByRole(AriaRole.Button, new() { Name = "Pause …" }).CountAsync()).ShouldBe(0);
        await viewer.GotoAsync($"/w/SHOP/experiences/{id}/edit");
        await viewer.GetByText("Your role does not allow this").WaitForAsync();
        await viewer.GotoAsync("/w/SHOP/settings");
        await viewer.GetByText("Your password").WaitForAsync();
        (await viewer.GetByText("Who did what").CountAsync()).ShouldBe(0);

        await viewer.GotoAsync("/w/SHOP/live");
        await viewer.GetByRole(AriaRole.Heading, new() { Name = "Where is my event?" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove grace@example.com …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await viewer.GetByText("You are signed out").WaitForAsync();
        (await viewer.GetByRole(AriaRole.Heading, new() { Name = "Where is my event?" }).CountAsync()).ShouldBe(0, "an open page shows nothing more");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_key_is_made_and_stands_in_the_snippet_of_a_page()
    {
        await using var site = await Site.StartAsync();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Origins of the pages").FillAsync("shop.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a client key" }).ClickAsync();
        await page.GetByText("'shop.example' is no origin").WaitForAsync();
        await page.GetByLabel("Origins of the pages").FillAsync("https://shop.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a client key" }).ClickAsync();
        var key = await page.GetByRole(AriaRole.Region, new() { Name = "Client keys" }).Locator("code").InnerTextAsync();
        using var client = site.Server.Client(key: key);
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Script tag" }).ClickAsync();
        await page.GetByText($"data-client-key=\"{key}\"").First.WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await page.GetByText("The client key no longer works.").WaitForAsync();
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(401);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_environment_has_its_own_figures_and_its_own_range()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await Happenings.HappenAsync(client);
        await client.ProjectedAsync();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        var row = page.GetByRole(AriaRole.Row, new() { Name = Happenings.Name });
        await row.WaitForAsync();
        await page.WaitForLoadStateAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "7 days", Pressed = false }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "7 days", Pressed = true }).WaitForAsync();
        await page.GetByLabel("Environment").SelectOptionAsync("SHOP_DEBUG");
        await page.GetByText("No events yet").WaitForAsync();
        (await row.CountAsync()).ShouldBe(0);

        await page.GetByLabel("Environment").SelectOptionAsync("SHOP");
        await row.WaitForAsync();
        var month = await row.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Today" }).ClickAsync();
        await Assertions.Expect(row).Not.ToHaveTextAsync(month);
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_events_say_is_text_and_does_nothing()
    {
        const string hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        var id = await Happenings.HappenAsync(client, hostile);
        var body = Bodies.Of(Guid.NewGuid()).Replace("customer-", "<b onclick=x>customer-", StringComparison.Ordinal).Replace("Homepage banner", "<script>document.title='owned'</script>", StringComparison.Ordinal);
        (await client.PostAsync(body)).Status.ShouldBe(200);
        await client.ProjectedAsync();
        foreach (var path in new[] { "experiences", $"experiences/{id}", $"experiences/{id}/edit", "live", "connect" })
        {
            await page.GotoAsync($"/w/SHOP/{path}?range=all");
            await page.Locator("h1").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            (await page.TitleAsync()).ShouldNotBe("owned", path);
            (await page.Locator("main img, main script").CountAsync()).ShouldBe(0, path);
        }

        await page.GotoAsync($"/w/SHOP/experiences/{id}");
        await page.GetByRole(AriaRole.Heading, new() { Name = hostile }).WaitForAsync();
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_shows_everybody_the_same_and_figures_can_be_taken_away()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        var id = await Happenings.HappenAsync(client);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        await page.GotoAsync($"/w/SHOP/experiences/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "7 days" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "platform" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "unique" }).ClickAsync();
        await page.GetByLabel("Zone").FillAsync("Asia/Kathmandu");
        await page.GetByLabel("Zone").BlurAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tz=Asia"));
        page.Url.ShouldContain("range=7d");
        page.Url.ShouldContain("by=platform");
        page.Url.ShouldContain("count=unique");
        var table = page.GetByRole(AriaRole.Region, new() { Name = "Figures by platform" });
        var other = await site.WatchAsync(window);
        await other.GotoAsync(page.Url);
        var theirs = other.GetByRole(AriaRole.Region, new() { Name = "Figures by platform" });
        await theirs.GetByText("android").WaitForAsync();
        await Assertions.Expect(table).ToHaveTextAsync((await theirs.TextContentAsync())!);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        text.ShouldStartWith("platform,start,impressions");
        text.ShouldContain("+05:45");
        site.Complaints.ShouldBeEmpty();
    }
}
