using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>What is given away of a version, made in a copy of the tree as the release workflow makes it.</summary>
[Collection(WhatIsKept.Name)]
public sealed class ReleaseTests
{
    private const string Version = "0.1.0";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task A_version_that_is_not_ready_is_refused_with_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        var tree = await CopyAsync(folder, signedOff: false);
        await ShouldBeRefusedAsync(tree, "'1.x' is no version", "1.x");
        await ShouldBeRefusedAsync(tree, "Directory.Build.props has another version than 9.9.9", "9.9.9");
        await ShouldBeRefusedAsync(tree, $"no section '## {Version} — YYYY-MM-DD'", Version);
        await ShouldBeRefusedAsync(tree, "'--quickly' is not known", Version, "--quickly");
        await ReplaceAsync(tree, "CHANGELOG.md", "## Unreleased", $"## {Version} — 2026-12-01");
        await ShouldBeRefusedAsync(tree, "nobody has signed off", Version);
        await ReplaceAsync(tree, "CHANGELOG.md", $"## {Version} — 2026-12-01", $"## {Version} — 2026-12-01\n\nSigned off by Ada.");
        await ShouldBeRefusedAsync(tree, "changes that are not committed", Version);
    }

    [Fact]
    public async Task A_version_that_is_ready_becomes_one_file_with_its_documents_its_ingredients_and_checksums()
    {
        Assert.SkipUnless(Build.Long, "Building everything anew takes minutes; ./test --long does it.");
        using var folder = new TemporaryFolder();
        var tree = await CopyAsync(folder, signedOff: true);
        var output = folder["release"];
        (await ReleaseAsync(tree, Version, "--without-tests", "--output", output)).ShouldSucceed();
        const string name = $"vitrine-{Version}-linux-x64";
        Directory.GetFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["SHA256SUMS", $"Vitrine.Client.{Version}.nupkg", $"vitrine-{Version}-linux-x64.sbom.json", $"{name}.tar.gz", $"vitrine-{Version}.js"], ignoreOrder: true);
        (await RunAsync(output, "sha256sum", "--check", "--strict", "SHA256SUMS")).ShouldSucceed();

        using var ingredients = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, $"{name}.sbom.json"), TestContext.Current.CancellationToken));
        ingredients.RootElement.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        string?[] some = ["DuckDB.NET.Data.Full", "Microsoft.Data.Sqlite", "MudBlazor"];
        some.ShouldBeSubsetOf(ingredients.RootElement.GetProperty("components").EnumerateArray().Select(static one => one.GetProperty("name").GetString()));

        (await RunAsync(output, "tar", "-xzf", $"{name}.tar.gz")).ShouldSucceed();
        foreach (var file in new[] { "LICENSE", "README.md", "CHANGELOG.md", "sbom.json", "docs/operations.md", "deploy/vitrine.service" })
        {
            File.Exists(Path.Combine(output, name, file)).ShouldBeTrue(file);
        }

        var version = await RunAsync(output, Path.Combine(output, name, "vitrine"), "--version");
        version.ShouldSucceed().Text.ShouldStartWith(Version);
    }

    private static async Task<string> CopyAsync(TemporaryFolder folder, bool signedOff)
    {
        var tree = folder["tree"];
        (await RunAsync(folder.Path, "git", "clone", "--quiet", Build.Root, tree)).ShouldSucceed();
        if (signedOff)
        {
            await ReplaceAsync(tree, "CHANGELOG.md", "## Unreleased", $"## {Version} — 2026-12-01\n\nSigned off by Ada.");
            (await RunAsync(tree, "git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message", "A version")).ShouldSucceed();
        }

        return tree;
    }

    private static async Task ReplaceAsync(string tree, string name, string old, string replacement)
    {
        var file = Path.Combine(tree, name);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        text.ShouldContain(old);
        await File.WriteAllTextAsync(file, text.Replace(old, replacement, StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    private static async Task ShouldBeRefusedAsync(string tree, string reason, params string[] arguments)
    {
        var result = await ReleaseAsync(tree, arguments);
        result.ExitCode.ShouldBe(1, result.Text);
        result.Errors.ShouldHaveSingleItem().ShouldStartWith("release: ");
        result.Errors[0].ShouldContain(reason);
    }

    private static Task<CommandResult> ReleaseAsync(string tree, params string[] arguments) => RunAsync(tree, Path.Combine(tree, "deploy", "release"), arguments);

    private static async Task<CommandResult> RunAsync(string folder, string program, params string[] arguments)
    {
        await using var process = new ChildProcess("env", ["-C", folder, program, .. arguments], []);
        return new CommandResult(await process.ExitAsync(Limit), process.Output, process.Errors);
    }
}
