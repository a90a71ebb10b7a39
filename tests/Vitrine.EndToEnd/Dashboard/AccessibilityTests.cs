using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed class AccessibilityTests(Browser browser)
{
    private static readonly string[] Pages =
        ["experiences", "experiences/{id}", "experiences/{id}/edit", "live", "calculator", "connect", "settings"];

    private readonly List<string> _violations = [];

    [Fact]
    public async Task Nobody_is_shut_out_of_any_page_by_colours_or_by_a_narrow_screen()
    {
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.WatchAsync(window);
        await page.GotoAsync(site.Welcome);
        await LookAsync(page, "welcome");
        await page.CloseAsync();
        page = await site.FirstPersonAsync(window);
        await LookAsync(page, "experiences without any");
        var id = await Happenings.HappenAsync(client);
        foreach (var path in Pages)
        {
            await page.GotoAsync($"/w/SHOP/{path.Replace("{id}", id, StringComparison.Ordinal)}");
            await page.Locator("h1").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await LookAsync(page, path);
        }

        await page.GotoAsync("/sign-out");
        await LookAsync(page, "sign-out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await LookAsync(page, "sign-in");
        _violations.ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }

    /// <summary>By axe, its colours in dark too, and whether it fits a small telephone.</summary>
    private async Task LookAsync(IPage page, string name)
    {
        await JudgeAsync(page, name);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        if (await page.Locator(".shell").CountAsync() > 0)
        {
            await page.Locator(".shell.dark").WaitForAsync();
        }

        await JudgeAsync(page, name + " in dark", "color-contrast");
        await page.SetViewportSizeAsync(390, 800);
        var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0)
        {
            _violations.Add($"{name} is {overflow} pixels too wide");
        }

        await page.SetViewportSizeAsync(1280, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private async Task JudgeAsync(IPage page, string name, params List<string> rules)
    {
        var found = await page.RunAxe(new AxeRunOptions
        {
            ResultTypes = [ResultType.Violations],
            RunOnly = rules.Count == 0 ? null : new RunOnlyOptions { Type = "rule", Values = rules },
        });
        _violations.AddRange(found.Violations
            .Where(static violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{name}: {violation.Id} ({violation.Help}): {string.Join(" | ", violation.Nodes.Take(3).Select(static node => node.Html))}"));
    }
}
