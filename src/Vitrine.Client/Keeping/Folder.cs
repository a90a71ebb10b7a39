namespace Vitrine.Client.Keeping;

/// <summary>Where a client keeps things.</summary>
internal static class Folder
{
    /// <summary>The folder of a workspace on a host, so that what is meant for one server never goes to another.</summary>
    /// <exception cref="ArgumentException">None is named, and this user has none for applications' data.</exception>
    public static string Of(VitrineOptions options)
    {
        var parent = options.Folder ?? Path.Combine(ForApplications(), "Vitrine");
        var host = options.Host!;
        var name = $"{options.Workspace}@{host.Host}_{host.Port}{host.AbsolutePath.TrimEnd('/')}";
        return Path.Combine(Path.GetFullPath(parent), new string([.. name.Select(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '.' or '@' ? letter : '_')]));
    }

    private static string ForApplications() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder ? folder
            : throw new ArgumentException($"{nameof(VitrineOptions)}.{nameof(VitrineOptions.Folder)} is to be named: this user has no folder for applications' data.", nameof(VitrineOptions.Folder));
}
