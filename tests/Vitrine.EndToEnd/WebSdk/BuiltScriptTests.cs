namespace Vitrine.EndToEnd.WebSdk;

[Collection(PagesAndApps.Name)]
public sealed class BuiltScriptTests
{
    [Fact]
    public async Task The_script_in_the_server_is_what_its_source_makes_and_is_small()
    {
        using var copy = new SourceCopy();
        await copy.BuildAsync("sdk/web"); // Fails beyond 6 KiB.
        (await File.ReadAllTextAsync(copy.Script))
            .ShouldBe(await File.ReadAllTextAsync(Path.Combine(Build.Root, "src/Vitrine/WebSdk/wwwroot/vitrine.js")), "build sdk/web and commit what it makes");
    }
}
