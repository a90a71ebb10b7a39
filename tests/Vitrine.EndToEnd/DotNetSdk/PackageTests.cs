using System.IO.Compression;

namespace Vitrine.EndToEnd.DotNetSdk;

[Collection(PagesAndApps.Name)]
public sealed class PackageTests
{
    [Fact]
    public async Task It_holds_both_frameworks_which_offer_the_same_and_its_documents()
    {
        Assert.SkipUnless(Build.Long, "Packing takes half a minute; ./test --long does it.");
        using var folder = new TemporaryFolder();
        await using var pack = new ChildProcess("dotnet", ["pack", Path.Combine(Build.Root, "src/Vitrine.Client"), "-c", "Release", $"-p:ArtifactsPath={folder["artifacts"]}", "-p:RestorePackagesWithLockFile=false", $"-p:NuGetLockFilePath={folder["none.lock.json"]}", "-o", folder["out"]], []);
        (await pack.ExitAsync(TimeSpan.FromMinutes(3))).ShouldBe(0, string.Join('\n', pack.Output)); // The validation of both runs with it.
        pack.Output.ShouldNotContain(static line => line.Contains("warning", StringComparison.OrdinalIgnoreCase));
        using var package = ZipFile.OpenRead(Directory.GetFiles(folder["out"], "*.nupkg").Single());
        var names = package.Entries.Select(static entry => entry.FullName).ToList();
        foreach (var framework in new[] { "netstandard2.0", "net10.0" })
        {
            names.ShouldContain($"lib/{framework}/Vitrine.Client.dll");
            names.ShouldContain($"lib/{framework}/Vitrine.Client.xml");
        }

        names.ShouldContain("README.md");
        using var specification = new StreamReader(package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var text = await specification.ReadToEndAsync(TestContext.Current.CancellationToken);
        text.ShouldContain("Apache-2.0");
        text.ShouldNotContain("PolySharp", Case.Insensitive, "nothing of the build is needed by who uses it");
        text.ShouldNotContain("CodeAnalysis");
    }
}
