using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Workspaces;

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
    public static Option<string?> Url() => new("--url")
    {
        Description = $"The server's address, with the path before its own where a proxy adds one (default: {UrlVariable}, else http://127.0.0.1:8080)",
    };

    /// <summary><c>--workspace</c>.</summary>
    public static Option<string?> Workspace() => new("--workspace")
    {
        Description = $"The workspace id, with the suffix _DEBUG for its test environment (default: {WorkspaceVariable})",
    };

    /// <summary><c>--key</c>.</summary>
    public static Option<string?> Key() => new("--key")
    {
        // No default value: help would print it.
        Description = $"The workspace's secret key; other users of the machine see it here, so better set {KeyVariable} (its default)",
    };

    /// <summary>What an environment variable holds; null when it is empty or not set.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A client that speaks for a workspace; its paths are relative: <c>api/v1/…</c>.</summary>
    /// <exception cref="CommandException">Something that it needs was not given.</exception>
    public static HttpClient Connect(string? url, string? workspace, string? key)
    {
        (url, workspace, key) = (url ?? Variable(UrlVariable) ?? "http://127.0.0.1:8080", workspace ?? Variable(WorkspaceVariable), key ?? Variable(KeyVariable));
        if (string.IsNullOrEmpty(workspace) || string.IsNullOrEmpty(key))
        {
            throw new CommandException($"a workspace and its key are needed: set {WorkspaceVariable} and {KeyVariable}, or give --workspace and --key");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || (address.Query + address.Fragment).Length > 0)
        {
            throw new CommandException($"'{url}' is no address of a server; one looks like http://127.0.0.1:8080");
        }

        var client = new HttpClient { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{workspace}:{key}")));
        client.DefaultRequestHeaders.Add("MOE-APPKEY", workspace);
        return client;
    }

    /// <summary>Notes in the audit log what was done from here.</summary>
    public static void Note<T>(ICatalog catalog, string workspaceId, string action, T detail) =>
        catalog.TryWrite(workspaceId, new AuditNote("command line", action, workspaceId, JsonSerializer.SerializeToUtf8Bytes(detail)));

    /// <summary>The workspace that a client speaks for.</summary>
    public static string WorkspaceOf(HttpClient client) => client.DefaultRequestHeaders.GetValues("MOE-APPKEY").First();

    /// <summary>An answer's JSON.</summary>
    /// <exception cref="CommandException">The server refused; it says why.</exception>
    public static async Task<JsonElement> ReadAsync(HttpClient client, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var json = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)
            : default;
        return answer.IsSuccessStatusCode ? json : throw new CommandException(Refusal(client, answer.StatusCode, Detail(json)));
    }

    /// <summary>What a refusal says, of either family of the interface.</summary>
    private static string? Detail(JsonElement json) =>
        json.ValueKind != JsonValueKind.Object ? null
        : json.TryGetProperty("detail", out var said) ? said.GetString()
        : json.TryGetProperty("error", out var error) ? error.GetProperty("message").GetString()
        : null;

    /// <summary>A server's refusal in words: of the credentials those that were sent, otherwise the detail it gives.</summary>
    public static string Refusal(HttpClient client, HttpStatusCode status, string? detail) => status == HttpStatusCode.Unauthorized
        ? $"{client.BaseAddress} knows no workspace {WorkspaceOf(client)} with this key; check {WorkspaceVariable} and {KeyVariable}, or --workspace and --key"
        : detail ?? $"the server answered {(int)status}";
}
