using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.EndToEnd;

/// <summary>Whoever writes what is imported or restored chooses no path: nothing outside is read, written or made.</summary>
[Collection(WhatIsKept.Name)]
public sealed class HostilePathTests(SharedServer shared)
{
    private static readonly string[] Paths = ["../../outside", "/tmp/outside-4e1c", "..\\outside", "%2e%2e%2foutside", "outside\u0001/..", "projection.duckdb"];

    [Fact]
    public async Task Ids_that_look_like_paths_are_texts()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        using var client = server.Client();
        var before = Files(folder.Path);
        var lines = Paths.Select(static path => JsonSerializer.Serialize(new
        {
            customer_id = path,
            actions = new[]
            {
                new
                {
                    action = "MOE_PERSONALIZATION_MESSAGE_SHOWN",
                    moe_event_uuid = Guid.NewGuid(),
                    attributes = new { cid = path, experience = path, moe_locale_id = path, moe_variation_id = path, audience_name = path, audience_id = path, b_id = path, type = path },
                },
            },
        }));
        var file = folder.Write("events.ndjson", string.Join('\n', lines));
        (await VitrineCommand.RunAsync(server, "import", file)).ShouldSucceed().Text.ShouldContain($"{Paths.Length} stored");
        await client.ProjectedAsync();
        (await client.ExportAsync()).Select(static one => one.GetProperty("customer_id").GetString()).ShouldBe(Paths, ignoreOrder: true);
        foreach (var path in Paths)
        {
            (await client.GetAsync($"/api/v1/reports/experiences/{Uri.EscapeDataString(path.Split('_')[0])}")).Status.ShouldBeOneOf(200, 400);
        }

        (await VitrineCommand.RunAsync(server, "import", folder["../no-such-file"])).ShouldFailWith("no-such-file");
        Files(folder.Path).Except(before.Append(file)).ShouldAllBe(name => name.StartsWith(folder["data"], StringComparison.Ordinal) && Path.GetFileName(name).StartsWith("projection", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("files", "../outside.db")]
    [InlineData("files", "/etc/hostname")]
    [InlineData("files", "..")]
    [InlineData("segments", "../outside.db")]
    [InlineData("segments", "/etc/hostname")]
    [InlineData("parts", "../outside.db")]
    public async Task A_manifest_that_names_what_is_not_its_own_is_refused_and_nothing_is_restored(string list, string name)
    {
        using var folder = new TemporaryFolder();
        await shared.OpenAsync();
        (await VitrineCommand.RunAsync("backup", folder["backup"], "--incremental", "--data", shared.Data)).ShouldSucceed();
        File.Copy(Path.Combine(shared.Data, "catalog.db"), folder["outside.db"]);
        var path = Path.Combine(folder["backup"], "backup.json");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        switch (list)
        {
            case "files":
                manifest["files"]![name] = new string('0', 64);
                break;
            case "segments":
                manifest["segments"]!.AsArray().Add(name);
                break;
            default:
                manifest["parts"]!["catalog"] = name;
                break;
        }

        await File.WriteAllTextAsync(path, manifest.ToJsonString(), TestContext.Current.CancellationToken);
        (await VitrineCommand.RunAsync("restore", folder["backup"], "--data", folder["restored"])).ShouldFailWith($"names '{name}', which is no file of a backup");
        (await VitrineCommand.RunAsync("backup", folder["backup"], "--incremental", "--data", shared.Data)).ShouldFailWith($"names '{name}'");
        Files(folder["restored"]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"taken_at":"2026-11-30T00:00:00Z","records":0,"position":0}""")]
    [InlineData("""{"taken_at":"2026-11-30T00:00:00Z","records":0,"position":0,"files":{},"segments":[]}""")]
    [InlineData("""{"taken_at":"2026-11-30T00:00:00Z","records":0,"position":0,"files":{},"segments":[],"parts":{}}""")]
    public async Task A_manifest_that_names_too_little_is_refused(string manifest)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["backup"]);
        await File.WriteAllTextAsync(Path.Combine(folder["backup"], "backup.json"), manifest, TestContext.Current.CancellationToken);
        (await VitrineCommand.RunAsync("restore", folder["backup"], "--data", folder["restored"])).ShouldFailWith("does not name the files of a backup");
    }

    private static List<string> Files(string folder) => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
}
