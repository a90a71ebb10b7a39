using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>The environment variable that names a workspace.</summary>
    public const string WorkspaceVariable = "VITRINE_WORKSPACE";

    /// <summary>The environment variable that holds a secret key.</summary>
    public const string KeyVariable = "VITRINE_API_KEY";

    /// <summary>The environment variable that names a server.</summary>
    public const string UrlVariable = "VITRINE_URL";

    /// <summary><c>--data</c>.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "The server's data folder",
        DefaultValueFactory = static _ => new ServerOptions().Data,
    };

    /// <summary><c>--url</c>.</summary>
    public static Option<string> Url() => new("--url")
    {
        Description = $"The server's address [{UrlVariable}]",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(UrlVariable) ?? "http://127.0.0.1:8080",
    };

    /// <summary><c>--workspace</c>.</summary>
    public static Option<string?> Workspace() => new("--workspace")
    {
        Description = $"The workspace id, with the suffix _DEBUG for its test environment [{WorkspaceVariable}]",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(WorkspaceVariable),
    };

    /// <summary><c>--key</c>.</summary>
    public static Option<string?> Key() => new("--key")
    {
        Description = $"The workspace's secret key; better given as the environment variable [{KeyVariable}]",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(KeyVariable),
    };

    /// <summary>A client that speaks for a workspace.</summary>
    /// <exception cref="CommandException">Something that it needs was not given.</exception>
    public static HttpClient Connect(string url, string? workspace, string? key)
    {
        if (string.IsNullOrEmpty(workspace) || string.IsNullOrEmpty(key))
        {
            throw new CommandException($"a workspace and its key are needed: set {WorkspaceVariable} and {KeyVariable}, or give --workspace and --key");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"'{url}' is no address of a server; one looks like http://127.0.0.1:8080");
        }

        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{workspace}:{key}")));
        client.DefaultRequestHeaders.Add("MOE-APPKEY", workspace);
        return client;
    }
}
