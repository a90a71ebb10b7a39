namespace Vitrine.Client.Keeping;

/// <summary>Where a client keeps things.</summary>
internal static class Folder
{
    /// <summary>The folder of a workspace on a host, so that what is meant for one server never goes to another.</summary>
    public static string Of(VitrineOptions options)
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var parent = options.Folder ?? Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "Vitrine");
        var host = options.Host!;
        var name = $"{options.Workspace}@{host.Host}_{host.Port}{host.AbsolutePath.TrimEnd('/')}";
        return Path.Combine(Path.GetFullPath(parent), new string([.. name.Select(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '.' or '@' ? letter : '_')]));
    }
}
