namespace Vitrine.EndToEnd.WebSdk;

/// <summary>A copy of what browsers get, to be built without touching the project.</summary>
internal sealed class SourceCopy : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[] Folders = ["sdk/web", "sdk/web/src", "samples/web"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Copies it; skips the test, saying so, where nothing can build it.</summary>
    public SourceCopy()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(static folder => File.Exists(Path.Combine(folder, "npm"))), "There is no npm; install Node.js 20 or later to build the web SDK.");
        foreach (var file in Folders.SelectMany(static folder => Directory.GetFiles(Path.Combine(Build.Root, folder))))
        {
            var target = _folder[Path.GetRelativePath(Build.Root, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Script)!);
    }

    /// <summary>The script that the server carries, once it is built.</summary>
    public string Script => _folder["src/Vitrine/WebSdk/wwwroot/vitrine.js"];

    public string this[string path] => _folder[path];

    /// <summary>Installs and builds one of its folders.</summary>
    public async Task BuildAsync(string folder)
    {
        await using var process = new ChildProcess("/bin/sh", ["-c", "cd \"$1\" && npm ci --no-audit --no-fund && npm run build", "sh", _folder[folder]], []);
        (await process.ExitAsync(Limit)).ShouldBe(0, string.Join('\n', process.Output.Concat(process.Errors)));
    }

    public void Dispose() => _folder.Dispose();
}
