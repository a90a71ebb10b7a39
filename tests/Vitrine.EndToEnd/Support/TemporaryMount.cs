using System.Diagnostics;

namespace Vitrine.EndToEnd.Support;

/// <summary>A small file system of its own, in memory. Needs root.</summary>
internal sealed class TemporaryMount : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TemporaryMount()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder.Path;

    /// <summary>A path within it.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Mounts one; skips the test, saying why, where that is not allowed.</summary>
    public static TemporaryMount CreateOrSkip(string size)
    {
        var mount = new TemporaryMount();
        var refusal = Environment.IsPrivilegedProcess ? Run("mount", "-t", "tmpfs", "-o", $"size={size}", "vitrine-e2e", mount.Path) : "it needs root";
        if (refusal is not null)
        {
            mount._folder.Dispose();
            Assert.Skip($"No small file system can be mounted: {refusal}");
        }

        return mount;
    }

    /// <summary>Mounts it again with other options.</summary>
    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path).ShouldBeNull();

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", Path).ShouldBeNull();
        _folder.Dispose();
    }

    private static string? Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
