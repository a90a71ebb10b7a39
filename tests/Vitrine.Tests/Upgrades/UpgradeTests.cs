using System.IO.Compression;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Upgrades;

/// <summary>
/// Data that earlier versions have written: a folder for each change of a layout, with what that version answered about
/// them. They open with this version, which answers the same and more.
/// </summary>
public sealed class UpgradeTests
{
    private const string Key = "e2e-secret-key-5f1d7c";

    public static TheoryData<string> Versions() => new(Directory.GetDirectories(Data()).Select(Path.GetFileName).OfType<string>());

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_an_earlier_version_has_written_is_answered_as_it_did(string version)
    {
        using var folder = new TemporaryFolder();
        await UnpackAsync(version, folder, withProjection: true);
        await using var server = await TestServer.StartAsync(folder.Path);
        await ShouldAnswerAsync(server, version);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Its_journal_alone_is_enough(string version)
    {
        using var folder = new TemporaryFolder();
        await UnpackAsync(version, folder, withProjection: false);
        await using var server = await TestServer.StartAsync(folder.Path);
        await ShouldAnswerAsync(server, version);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_goes_on_from_there(string version)
    {
        using var folder = new TemporaryFolder();
        await UnpackAsync(version, folder, withProjection: true);
        await using var server = await TestServer.StartAsync(folder.Path);
        var shop = new Shop(server, "SHOP", Key);
        (await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "ada"))).ShouldBeAccepted();
        await server.ProjectedAsync();
        (await shop.GetCustomerAsync("ada")).Json["impressions"]!.GetValue<long>().ShouldBe(2);
        server.Catalog.Current.Find("SHOP")!.Workspace.ClientKeys.ShouldHaveSingleItem().Origins.ShouldBe(["https://shop.example"]);
        await Privacy.Erasing.ErasedAsync(shop, await Privacy.Erasing.EraseAsync(shop, "ada"));
        (await shop.GetCustomerAsync("ada")).Status.ShouldBe(404);
    }

    private static async Task ShouldAnswerAsync(TestServer server, string version)
    {
        var shop = new Shop(server, "SHOP", Key);
        await server.ProjectedAsync();
        var answers = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Data(), version, "answers.json"), TestContext.Current.CancellationToken))!.AsObject();
        foreach (var (path, expected) in answers)
        {
            var answer = await shop.GetAsync(path);
            answer.Status.ShouldBe(200, path);
            var (before, now) = (Lines((string)expected!), Lines(answer.Text));
            now.Count.ShouldBe(before.Count, path);
            for (var line = 0; line < before.Count; line++)
            {
                ShouldHold(before[line], now[line], path);
            }
        }
    }

    /// <summary>Whatever was there is there and the same; there may be more.</summary>
    private static void ShouldHold(JsonNode? before, JsonNode? now, string path)
    {
        switch (before)
        {
            case JsonObject expected:
                foreach (var (name, value) in expected)
                {
                    ShouldHold(value, now!.AsObject()[name], $"{path} {name}");
                }

                break;
            case JsonArray expected:
                now!.AsArray().Count.ShouldBe(expected.Count, path);
                for (var index = 0; index < expected.Count; index++)
                {
                    ShouldHold(expected[index], now.AsArray()[index], $"{path} {index}");
                }

                break;
            default:
                (now?.ToJsonString()).ShouldBe(before?.ToJsonString(), path);
                break;
        }
    }

    private static List<JsonNode?> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line))];

    private static async Task UnpackAsync(string version, TemporaryFolder folder, bool withProjection)
    {
        foreach (var packed in Directory.GetFiles(Path.Combine(Data(), version), "*.gz"))
        {
            var name = Path.GetFileNameWithoutExtension(packed);
            if (withProjection || !name.StartsWith("projection", StringComparison.Ordinal))
            {
                await using var source = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
                await using var target = File.Create(folder[name]);
                await source.CopyToAsync(target, TestContext.Current.CancellationToken);
            }
        }
    }

    private static string Data() => Repository.Path("tests", "Vitrine.Tests", "Upgrades", "Data");
}
