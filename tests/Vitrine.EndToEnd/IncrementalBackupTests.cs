using System.Text;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed class IncrementalBackupTests
{
    [Fact]
    public async Task Each_time_only_what_is_new_is_copied_and_a_restore_has_everything()
    {
        using var folder = new TemporaryFolder();
        var (data, backup) = (folder["data"], folder["backup"]);
        await using var server = await ServerProcess.StartAsync(data);
        using var client = server.Client();
        var uuids = new List<Guid>();
        foreach (var events in new[] { 3_000, 200, 0, 500 })
        {
            uuids.AddRange(await PostAsync(client, events));
            var taken = (await BackUpAsync(backup, data)).ShouldSucceed();
            taken.Text.ShouldStartWith($"{events / 100} records are new");
        }

        var segments = Segments(backup);
        segments.Count.ShouldBe(3, "nothing new makes no segment");
        segments[1].Length.ShouldBeLessThan(segments[0].Length / 2);
        Directory.GetFiles(backup, "catalog-*").ShouldHaveSingleItem();
        await RestoredAsync(folder, backup, uuids);

        (await BackUpAsync(data, data)).ShouldFailWith("holds something else already");
        (await VitrineCommand.RunAsync("backup", folder["plain"], "--data", data)).ShouldSucceed();
        (await BackUpAsync(folder["plain"], data)).ShouldFailWith("is a backup of its own");
    }

    [Fact]
    public async Task One_that_is_interrupted_leaves_the_one_before_and_is_mended_by_the_next()
    {
        using var folder = new TemporaryFolder();
        var (data, backup) = (folder["data"], folder["backup"]);
        await using var server = await ServerProcess.StartAsync(data);
        using var client = server.Client();
        var uuids = new List<Guid>(await PostAsync(client, 2_000));
        (await BackUpAsync(backup, data)).ShouldSucceed();
        var random = Seeded.Announced();
        for (var kill = 0; kill < (Build.Long ? 40 : 3); kill++)
        {
            uuids.AddRange(await PostAsync(client, 100));
            await using (var process = VitrineCommand.Start(["backup", backup, "--incremental", "--data", data], null))
            {
                await Task.Delay(random.Between(50, 700), TestContext.Current.CancellationToken);
                await process.KillAsync();
            }

            (await VitrineCommand.RunAsync("restore", backup, "--data", folder[$"restored-{kill}"])).ShouldSucceed();
        }

        (await BackUpAsync(backup, data)).ShouldSucceed();
        await RestoredAsync(folder, backup, uuids);
    }

    [Fact]
    public async Task It_begins_anew_for_another_journal_and_after_an_erasure_and_a_damaged_one_is_not_restored()
    {
        using var folder = new TemporaryFolder();
        var (data, backup) = (folder["data"], folder["backup"]);
        var erased = Guid.NewGuid();
        await using (var server = await ServerProcess.StartAsync(data))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.Of(erased))).Status.ShouldBe(200);
            (await BackUpAsync(backup, data)).ShouldSucceed();
            (await VitrineCommand.RunAsync(server, "privacy", "erase", "--customer", Bodies.Customer(erased), "--wait")).ShouldSucceed();
            var uuids = await PostAsync(client, 100, uuid => Bodies.Customer(uuid) != Bodies.Customer(erased));
            (await BackUpAsync(backup, data)).ShouldSucceed();
            Segments(backup).Count.ShouldBe(1);
            foreach (var file in Directory.GetFiles(backup))
            {
                (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Bodies.Customer(erased))).ShouldBe(-1, file);
            }

            await RestoredAsync(folder, backup, uuids);
        }

        await using (var other = await ServerProcess.StartAsync(folder["other"]))
        {
            using var client = other.Client();
            var uuids = await PostAsync(client, 1_000);
            (await BackUpAsync(backup, folder["other"])).ShouldSucceed();
            Segments(backup).Count.ShouldBe(1);
            await RestoredAsync(folder, backup, uuids);
        }

        var segment = Segments(backup)[0].FullName;
        var bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        (await VitrineCommand.RunAsync("restore", backup, "--data", folder["never"])).ShouldFailWith("not as it was backed up");
    }

    private static Task<CommandResult> BackUpAsync(string backup, string data) => VitrineCommand.RunAsync("backup", backup, "--incremental", "--data", data);

    private static List<FileInfo> Segments(string backup) => [.. new DirectoryInfo(backup).GetFiles("journal-*.db").OrderBy(static file => file.Name, StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<Guid>> PostAsync(ApiClient client, int events, Func<Guid, bool>? which = null)
    {
        var uuids = Enumerable.Range(0, int.MaxValue).Select(static _ => Guid.NewGuid()).Where(which ?? (static _ => true)).Take(events).ToList();
        foreach (var some in uuids.Chunk(100))
        {
            (await client.PostAsync(Bodies.Of(some))).Status.ShouldBe(200);
        }

        return uuids;
    }

    private static async Task RestoredAsync(TemporaryFolder folder, string backup, IReadOnlyList<Guid> uuids)
    {
        var restored = folder[$"restored-{Guid.NewGuid():N}"];
        (await VitrineCommand.RunAsync("restore", backup, "--data", restored)).ShouldSucceed();
        await using var server = await ServerProcess.StartAsync(restored);
        using var client = server.Client();
        (await client.UuidsAsync()).ShouldBe(uuids, ignoreOrder: true);
        await client.LedgerShouldBalanceAsync();
        (await VitrineCommand.RunAsync("journal", "verify", "--data", restored)).ShouldSucceed().Text.ShouldEndWith("sound");
    }
}
