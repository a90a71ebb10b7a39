namespace Vitrine.Dashboard.Layout;

/// <summary>Addresses of pages say which environment they are about, so that a link shows everybody the same.</summary>
internal static class EnvironmentAddress
{
    private const string Prefix = "/w/";

    /// <summary>The environment of a path; null when it says none.</summary>
    public static string? Of(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) ? Uri.UnescapeDataString(path[Prefix.Length..].Split('/')[0]) : null;

    /// <summary>The address of a page of an environment.</summary>
    public static string To(string environmentId, string page) => $"{Prefix}{Uri.EscapeDataString(environmentId)}/{page}";
}
