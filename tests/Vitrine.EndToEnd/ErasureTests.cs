using System.IO.Compression;
using System.Text;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed class ErasureTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] AtOnce = ["--erasure-interval", "0s"];

    /// <summary>The customers that are erased: a sixteenth of all.</summary>
    private static readonly string[] Erased = [.. Enumerable.Range(0, 16).Select(static number => $"customer-{number:x2}")];

    [Fact]
    public async Task Killed_in_the_middle_of_an_erasure_it_ends_it_and_loses_nobody_else()
    {
        var random = Seeded.Announced();
        using var folder = new TemporaryFolder();
        var uuids = await FillAsync(folder.Path);
        await using (var server = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Arguments = AtOnce }))
        {
            (await EraseAsync(server, Erased[..8])).ShouldSucceed();
            await server.KillAsync();
        }

        for (var kill = 0; kill < (Build.Long ? 60 : 3); kill++)
        {
            await using var server = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Arguments = AtOnce });
            if (kill == 1)
            {
                (await EraseAsync(server, Erased[8..])).ShouldSucceed();
            }

            await Task.Delay(random.Between(0, 400), TestContext.Current.CancellationToken);
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Arguments = AtOnce });
        await ShouldBeErasedAsync(last, folder.Path, uuids, requests: 2);
        (await VitrineCommand.RunAsync("journal", "verify", "--data", folder.Path)).ShouldSucceed().Text.ShouldEndWith("sound");
    }

    [Fact]
    public async Task An_erasure_outlives_a_rebuild_and_the_restore_of_an_older_backup()
    {
        using var folder = new TemporaryFolder();
        var (data, older, later, restored) = (folder["data"], folder["older"], folder["later"], folder["restored"]);
        var uuids = await FillAsync(data);
        (await VitrineCommand.RunAsync("backup", older, "--data", data)).ShouldSucceed();
        await using (var server = await ServerProcess.StartAsync(new ServerSetup(data) { Arguments = AtOnce }))
        {
            (await EraseAsync(server, [.. Erased, "--wait"])).ShouldSucceed().Text.ShouldContain("Nothing of them is left.");
            await ShouldBeErasedAsync(server, data, uuids, requests: 1);
            (await VitrineCommand.RunAsync("backup", later, "--data", data)).ShouldSucceed();
        }

        Holding(later).ShouldBeEmpty();
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", data)).ShouldSucceed();
        await using (var rebuilt = await ServerProcess.StartAsync(data))
        {
            await ShouldBeErasedAsync(rebuilt, data, uuids, requests: 1);
        }

        (await VitrineCommand.RunAsync("restore", older, "--erasures", folder["nothing"], "--data", restored)).ShouldFailWith("neither a backup nor a data folder");
        (await VitrineCommand.RunAsync("restore", older, "--erasures", later, "--data", restored)).ShouldSucceed().Text.ShouldContain("1 erasures came after");
        Holding(restored).ShouldNotBeEmpty("the backup is older than the erasure");
        await using (var interrupted = await ServerProcess.StartAsync(new ServerSetup(restored) { Arguments = AtOnce }))
        {
            await interrupted.KillAsync();
        }

        await using var again = await ServerProcess.StartAsync(new ServerSetup(restored) { Arguments = AtOnce });
        await ShouldBeErasedAsync(again, restored, uuids, requests: 1);
        (await VitrineCommand.RunAsync("restore", later, "--data", folder["plain"])).ShouldSucceed().Text.ShouldContain("--erasures");
    }

    [Fact]
    public async Task What_is_known_of_a_customer_is_handed_out_and_of_nobody_else()
    {
        using var folder = new TemporaryFolder();
        var uuids = await FillAsync(folder["data"]);
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        using var client = server.Client();
        await client.ProjectedAsync();
        var archive = folder["customer.zip"];
        (await VitrineCommand.RunAsync(server, "privacy", "export", "--customer", Erased[3], "--output", archive)).ShouldSucceed();
        new FileInfo(archive).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, "it concerns nobody else on the machine");
        using var zip = await ZipFile.OpenReadAsync(archive, TestContext.Current.CancellationToken);
        zip.Entries.Select(static entry => entry.Name).ShouldBe(["profile.json", "events.ndjson", "goal-events.ndjson", "journal.ndjson"]);
        var expected = uuids.Where(static uuid => Bodies.Customer(uuid) == Erased[3]).Select(static uuid => uuid.ToString()).ToList();
        foreach (var name in new[] { "events.ndjson", "journal.ndjson" })
        {
            using var text = new StreamReader(zip.GetEntry(name)!.Open());
            var lines = await text.ReadToEndAsync(TestContext.Current.CancellationToken);
            expected.ShouldAllBe(uuid => lines.Contains(uuid, StringComparison.Ordinal));
            Enumerable.Range(0, 256).Select(static number => $"customer-{number:x2}").Where(customer => lines.Contains($"\"{customer}\"", StringComparison.Ordinal)).ShouldBe([Erased[3]]);
        }

        (await VitrineCommand.RunAsync(server, "privacy", "export", "--customer", Erased[3], "--output", archive)).ShouldFailWith("exists already");
        (await VitrineCommand.RunAsync(server, "privacy", "export", "--customer", "nobody-at-all", "--output", folder["none.zip"])).ShouldFailWith("Nothing of a customer");
        File.Exists(folder["none.zip"]).ShouldBeFalse();
        (await VitrineCommand.RunAsync(server, "privacy", "erase")).ShouldFailWith("say whom");
    }

    /// <summary>Some thousand events of 256 customers.</summary>
    private static async Task<IReadOnlyList<Guid>> FillAsync(string data)
    {
        var uuids = Enumerable.Range(0, 5_000).Select(static _ => Guid.NewGuid()).ToList();
        await using var server = await ServerProcess.StartAsync(data);
        using var client = server.Client();
        foreach (var some in uuids.Chunk(100))
        {
            (await client.PostAsync(Bodies.Of(some))).Status.ShouldBe(200);
        }

        return uuids;
    }

    private static Task<CommandResult> EraseAsync(ServerProcess server, string[] customersAndOptions) => VitrineCommand.RunAsync(
        server,
        ["privacy", "erase", .. customersAndOptions.SelectMany(static one => one.StartsWith("--", StringComparison.Ordinal) ? new[] { one } : ["--customer", one])]);

    private static async Task ShouldBeErasedAsync(ServerProcess server, string data, IReadOnlyList<Guid> uuids, int requests)
    {
        using var client = server.Client();
        await Poll.UntilAsync("the erasures are complete", Limit, async () =>
            await client.GetAsync("/api/v1/erasures") is { Status: 200 } answer
            && answer.Json.GetProperty("erasures").EnumerateArray().Count(static one => one.GetProperty("state").GetString() == "erased") == requests);
        (await client.UuidsAsync()).ShouldBe(uuids.Where(static uuid => !Erased.Contains(Bodies.Customer(uuid))), ignoreOrder: true);
        await client.LedgerShouldBalanceAsync();
        Holding(data).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Holding(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(static file => Path.GetFileName(file) != "vitrine.lock")
        .Where(static file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Erased.Any(customer => bytes.AsSpan(0, read).IndexOf(Encoding.UTF8.GetBytes(customer)) >= 0);
        })];
}
