using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

/// <summary>Pictures of every page for the documents. <c>./test --screenshots</c> takes them anew.</summary>
[Collection(PagesAndApps.Name)]
public sealed class ScreenshotTests(Browser browser)
{
    /// <summary>Each with what is there when all of it is.</summary>
    private static readonly (string Name, string Path, string Last, ColorScheme Scheme)[] Pictures =
    [
        ("experiences", "experiences", ".sparkline", ColorScheme.Light),
        ("experience", "experiences/{id}", ".intervals", ColorScheme.Light),
        ("experience-dark", "experiences/{id}", ".intervals", ColorScheme.Dark),
        ("author", "experiences/{id}/edit", "#preview", ColorScheme.Light),
        ("live", "live", ".chart", ColorScheme.Light),
        ("calculator", "calculator", ".answer", ColorScheme.Light),
        ("connect", "connect", "pre", ColorScheme.Light),
        ("settings", "settings", "#audit", ColorScheme.Light),
    ];

    private static string Folder => Path.Combine(Build.Root, "docs", "screenshots");

    [Fact]
    public void There_is_a_picture_of_every_page() =>
        Pictures.ShouldAllBe(static picture => File.Exists(Path.Combine(Folder, picture.Name + ".png")));

    [Fact]
    public async Task Pictures_are_taken_where_that_is_asked_for()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("VITRINE_SCREENSHOTS") == "1", "VITRINE_SCREENSHOTS is not 1; ./test --screenshots sets it.");
        await using var site = await Site.StartAsync();
        using var client = site.Server.Client();
        var id = await Happenings.HappenAsync(client);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await site.FirstPersonAsync(window);
        Directory.CreateDirectory(Folder);
        foreach (var (name, path, last, scheme) in Pictures)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.GotoAsync($"/w/SHOP/{path.Replace("{id}", id, StringComparison.Ordinal)}");
            await page.Locator(last).First.WaitForAsync();
            await page.Locator(scheme == ColorScheme.Dark ? ".shell.dark" : ".shell:not(.dark)").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = name.StartsWith("experience", StringComparison.Ordinal) });
        }
    }
}
