namespace Vitrine.EndToEnd.WebSdk;

public sealed class BuiltScriptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_script_in_the_server_is_what_its_source_makes_and_is_small()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(static folder => File.Exists(Path.Combine(folder, "npm"))), "There is no npm; install Node.js 20 or later to build the web SDK.");
        using var copy = new TemporaryFolder();
        var source = Path.Combine(Build.Root, "sdk", "web");
        foreach (var file in Directory.GetFiles(source).Concat(Directory.GetFiles(Path.Combine(source, "src"))))
        {
            var target = copy[Path.Combine("sdk/web", Path.GetRelativePath(source, file))];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Directory.CreateDirectory(copy["src/Vitrine/WebSdk/wwwroot"]);
        await RunAsync("cd \"$1\" && npm ci --no-audit --no-fund && node build.mjs", copy["sdk/web"]); // Fails beyond 6 KiB.
        (await File.ReadAllTextAsync(copy["src/Vitrine/WebSdk/wwwroot/vitrine.js"]))
            .ShouldBe(await File.ReadAllTextAsync(Path.Combine(Build.Root, "src/Vitrine/WebSdk/wwwroot/vitrine.js")), "build sdk/web and commit what it makes");
    }

    private static async Task RunAsync(string command, string folder)
    {
        await using var process = new ChildProcess("/bin/sh", ["-c", command, "sh", folder], new Dictionary<string, string>());
        (await process.ExitAsync(Limit)).ShouldBe(0, string.Join('\n', process.Output.Concat(process.Errors)));
    }
}
