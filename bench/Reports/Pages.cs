using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace Vitrine.ReportBench;

/// <summary>How long a person waits for the first figures of a page: in a real browser, from going there until they can be read.</summary>
internal static class Pages
{
    private const string Password = "correct horse battery";

    private static readonly (string Name, string Path, string Figure)[] All =
    [
        ("Experiences, a month", "experiences?from=2026-10-01&to=2026-10-31", "table.figures tbody tr"),
        ("one experience, a month", "experiences/experience0?from=2026-10-01&to=2026-10-31", ".funnel"),
        ("one experience, all time", "experiences/experience0?range=all", ".funnel"),
        ("Live", "live", "h1"),
    ];

    /// <summary>Measures all pages and prints a table.</summary>
    public static async Task MeasureAsync(DataFolder folder, int rounds)
    {
        folder.Make();
        var chromium = Environment.GetEnvironmentVariable("VITRINE_CHROMIUM") ?? "/usr/bin/chromium";
        await using var server = await ReportServer.StartAsync(folder, withPages: true);
        server.AddPerson("bench", Password);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        await using var window = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Address.ToString() });
        var page = await window.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Name").FillAsync("bench");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("h1").First.WaitForAsync();
        Console.WriteLine("| page | first ms | again ms: min / median / max |\n|---|--:|--:|");
        foreach (var (name, path, figure) in All)
        {
            var first = await TakeAsync(page, path, figure);
            var again = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                again.Add(await TakeAsync(page, path, figure));
            }

            again.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {first:N0} | {again[0]:N0} / {again[again.Count / 2]:N0} / {again[^1]:N0} |"));
        }
    }

    private static async Task<double> TakeAsync(IPage page, string path, string figure)
    {
        await page.GotoAsync("about:blank");
        var started = Stopwatch.GetTimestamp();
        await page.GotoAsync($"/w/{DataFolder.Workspace}/{path}", new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.Locator(figure).First.WaitForAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
