using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Support;

/// <summary>The tests of the dashboard and of the SDKs, one at a time, with one Chromium. Those of the server itself run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class PagesAndApps : ICollectionFixture<Browser>, ICollectionFixture<SharedServer>
{
    public const string Name = "Pages and apps";
}

/// <summary>One Chromium for all tests that need one.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts it, where there is one.</summary>
    public async ValueTask InitializeAsync()
    {
        if ((Environment.GetEnvironmentVariable("VITRINE_CHROMIUM") ?? Places.FirstOrDefault(File.Exists)) is not { } executable)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    private const float Patience = 90_000;

    /// <summary>A window of its own, with cookies of its own.</summary>
    internal async Task<IBrowserContext> OpenAsync(Uri site, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium; install it, or say with VITRINE_CHROMIUM where it is.");
        var window = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        window.SetDefaultTimeout(Patience); // Servers under load run beside it.
        return window;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
