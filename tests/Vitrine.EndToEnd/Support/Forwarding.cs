using System.Globalization;
using System.Text.Json;

namespace Vitrine.EndToEnd.Support;

/// <summary>Servers that forward, and what they say of it.</summary>
internal static class Forwarding
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How a server is started that forwards to targets, each written in JSON without its environment.</summary>
    public static ServerSetup Setup(TemporaryFolder folder, string data, params string[] targets)
    {
        var file = folder.Write("forward.json", $$"""{"targets":[{{string.Join(',', targets.Select(static one => one.Replace("{\"name\"", $"{{\"environment\":\"{ServerSetup.Workspace}\",\"name\"", StringComparison.Ordinal)))}}]}""");
        var setup = new ServerSetup(data);
        return setup with
        {
            Arguments = ["--forward", file],
            Environment = new Dictionary<string, string>(setup.Environment) { ["RECEIVER_SECRET"] = Receiver.Secret, ["UPSTREAM_KEY"] = ServerSetup.Key },
        };
    }

    /// <summary>A webhook.</summary>
    public static string Webhook(string name, string url, int lanes = 4) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"name":"{{name}}","kind":"webhook","url":"{{url}}","secret":"${RECEIVER_SECRET}","from":"beginning","lanes":{{lanes}}}""");

    /// <summary>Another Vitrine.</summary>
    public static string Upstream(string name, Uri url, bool compare = false) =>
        $$"""{"name":"{{name}}","kind":"moengage","url":"{{url}}","key":"${UPSTREAM_KEY}","from":"beginning","compare":{{(compare ? "true" : "false")}}}""";

    /// <summary>What a server says of a target.</summary>
    public static async Task<JsonElement> TargetAsync(ApiClient client, string name) =>
        (await client.GetAsync("/api/v1/forwarding")).Json.GetProperty("targets").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    /// <summary>Waits until a target has all that there is.</summary>
    public static Task ForwardedAsync(ApiClient client, string name) => UntilAsync(client, name, "has all that there is", static target =>
        target.GetProperty("lag_records").GetInt64() == 0 && target.GetProperty("state").GetString() == "idle");

    /// <summary>Waits until something holds of a target.</summary>
    public static async Task UntilAsync(ApiClient client, string name, string what, Func<JsonElement, bool> condition)
    {
        JsonElement last = default;
        try
        {
            await Poll.UntilAsync($"{name} {what}", Limit, async () => condition(last = await TargetAsync(client, name)));
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(last.ToString());
            throw;
        }
    }
}
