using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.DotNetSdk;

/// <summary>The samples do what they show.</summary>
[Collection(PagesAndApps.Name)]
public sealed partial class SamplesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static string Bin => Path.Combine(Path.GetDirectoryName(Build.Executable)!, "..", "..");

    private static string Configuration => new DirectoryInfo(Path.GetDirectoryName(Build.Executable)!).Name;

    [Fact]
    public Task The_one_for_a_console_fetches_and_reports() => ShouldFetchAndReportAsync(Path.Combine(Bin, "Console", Configuration, "vitrine-sample"));

    [Fact]
    public async Task It_is_compiled_natively_without_a_warning()
    {
        Assert.SkipUnless(Build.Long, "Compiling natively takes a minute; ./test --long does it.");
        using var folder = new TemporaryFolder();
        await using var publish = new ChildProcess("dotnet", ["publish", Path.Combine(Build.Root, "samples/console"), "-c", "Release", "-r", "linux-x64", "-p:CppCompilerAndLinker=gcc", $"-p:ArtifactsPath={folder["artifacts"]}", "-p:RestorePackagesWithLockFile=false", $"-p:NuGetLockFilePath={folder["none.lock.json"]}", "-o", folder["out"]], []);
        (await publish.ExitAsync(TimeSpan.FromMinutes(5))).ShouldBe(0, string.Join('\n', publish.Output));
        publish.Output.ShouldNotContain(static line => line.Contains("warning", StringComparison.OrdinalIgnoreCase));
        await ShouldFetchAndReportAsync(folder["out/vitrine-sample"]);
    }

    [Fact]
    public async Task The_one_of_a_shop_on_a_server_shows_the_banner_and_reports_the_click()
    {
        await using var counter = await Counter.StartAsync();
        await counter.PublishAsync("homepage-banner", "Hello");
        await using var shop = new ChildProcess(Path.Combine(Bin, "AspNetCore", Configuration, "vitrine-sample-web"), ["--urls", "http://127.0.0.1:0"], new Dictionary<string, string>
        {
            ["Vitrine__Host"] = counter.Address.ToString(),
            ["Vitrine__Key"] = ServerSetup.Key,
            ["Vitrine__Folder"] = counter.Apps,
        });
        var address = await shop.SaysAsync(Listening(), Limit);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative));
        page.ShouldContain("<h1>Hello</h1>");
        var context = System.Net.WebUtility.HtmlDecode(ContextField().Match(page).Groups[1].Value);
        using var form = new FormUrlEncodedContent([new("context", context)]);
        using var bought = await http.PostAsync(new Uri("/buy", UriKind.Relative), form);
        bought.EnsureSuccessStatusCode();
        var events = await counter.EventsAsync(3);
        events.Select(static one => one.GetProperty("action").GetString()!.Split('_')[^1]).Order().ShouldBe(["CLICKED", "SHOWN", "SHOWN"]);
        events.Select(static one => one.GetProperty("customer_id").GetString()).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
    }

    private static async Task ShouldFetchAndReportAsync(string sample)
    {
        await using var counter = await Counter.StartAsync();
        await counter.PublishAsync("homepage-banner", "Hello");
        var environment = new Dictionary<string, string> { ["VITRINE_API_KEY"] = ServerSetup.Key, ["XDG_DATA_HOME"] = counter.Apps };
        Directory.CreateDirectory(counter.Apps);
        await using var run = new ChildProcess(sample, [counter.Address.ToString(), ServerSetup.Workspace, "homepage-banner", "ada@example.com"], environment, "y\n");
        (await run.ExitAsync(Limit)).ShouldBe(0, string.Join('\n', run.Output.Concat(run.Errors)));
        run.Output.ShouldBe(["title: Hello", "Click? (y/n)", "All is reported."]);
        (await counter.EventsAsync(2)).Select(static one => one.GetProperty("customer_id").GetString()).Distinct().ShouldBe(["ada@example.com"]);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex("name=\"context\" value=\"([^\"]*)\"")]
    private static partial Regex ContextField();
}
