namespace Vitrine.EndToEnd.Support;

/// <summary>What the build has made, and where the project and its data lie.</summary>
internal static class Build
{
    /// <summary>The executable under test, of the same configuration as the tests.</summary>
    public static string Executable { get; } = Find();

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Whether the longer forms of the tests are wanted.</summary>
    public static bool Long => Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1";

    /// <summary>A file of the shared data; skips the test, saying so, where it is absent.</summary>
    public static string SharedOrSkip(string path)
    {
        var shared = Environment.GetEnvironmentVariable("VITRINE_SHARED") ?? Path.Combine(Root, "..", "shared");
        var file = Path.GetFullPath(Path.Combine(shared, path));
        Assert.SkipUnless(File.Exists(file), $"{file} is absent; VITRINE_SHARED may name the folder that holds {path}.");
        return file;
    }

    private static string Find()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var executable = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Vitrine", configuration, "vitrine"));
        return File.Exists(executable) ? executable : throw new FileNotFoundException("The server is not built.", executable);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vitrine.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No repository around {AppContext.BaseDirectory}.");
    }
}
