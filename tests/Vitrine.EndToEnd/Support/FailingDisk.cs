using System.ComponentModel;

namespace Vitrine.EndToEnd.Support;

/// <summary>A library that is loaded before the C library and lets calls fail as a broken disk would.</summary>
internal static class FailingDisk
{
    /// <summary>Compiles it; skips the test where that is not possible.</summary>
    public static async Task<string> CompileOrSkipAsync(TemporaryFolder folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library that makes the disk fail is for Linux.");
        var library = folder["failing_disk.so"];
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Faults", "failing_disk.c");
            await using var compiler = new ChildProcess("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl", "-lpthread"], []);
            (await compiler.ExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, string.Join('\n', compiler.Errors));
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no C compiler (cc) to build the library that makes the disk fail.");
        }

        return library;
    }

    /// <summary>A server with it.</summary>
    public static ServerSetup Setup(string data, string library, string variable, string value)
    {
        var setup = new ServerSetup(data);
        return setup with
        {
            Environment = new Dictionary<string, string>(setup.Environment) { ["LD_PRELOAD"] = library, [variable] = value },
        };
    }
}
