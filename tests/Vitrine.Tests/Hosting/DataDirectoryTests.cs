using Vitrine.Hosting;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

public sealed class DataDirectoryTests
{
    [Fact]
    public void A_new_data_folder_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new TemporaryFolder();
        using var directory = DataDirectory.Take(Path.Combine(folder["deep"], "below", "data"));
#pragma warning disable CA1416 // Skipped on Windows.
        File.GetUnixFileMode(directory.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
    }
}
