using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed partial class CommandTests(SharedServer shared)
{
    [Fact]
    public async Task Report_prints_a_table_of_all_experiences_and_of_one()
    {
        var server = await shared.OpenAsync();
        using var client = server.Client();
        (await client.PostAsync(Bodies.New(7))).Status.ShouldBe(200);
        await client.ProjectedAsync();

        var all = (await VitrineCommand.RunAsync(server, "report")).ShouldSucceed();
        all.Text.ShouldContain(Bodies.Experience);
        all.Text.ShouldContain("Homepage banner");
        all.Output.ShouldContain(static line => Sevens().IsMatch(line), all.Text);
        var one = (await VitrineCommand.RunAsync(server, "report", Bodies.Experience, "--by", "variation", "--scale", "day")).ShouldSucceed();
        one.Text.ShouldContain("variation");
        one.Text.ShouldContain("2024-09-02");

        (await VitrineCommand.RunAsync(server, "report", "nothing")).ShouldFailWith("nothing");
        (await VitrineCommand.RunAsync(server, "report", "--by", "variation")).ShouldFailWith("need an experience");
        (await VitrineCommand.RunAsync(server, "report", Bodies.Experience, "--by", "colour")).ShouldFailWith("colour");
        (await VitrineCommand.RunAsync(server, "report", "--tz", "Mars/Olympus")).ShouldFailWith("Mars/Olympus");
        (await VitrineCommand.RunAsync(server, "report", "--key", "wrong-key-0123")).ShouldFailWith($"knows no workspace {server.Workspace} with this key");
        (await VitrineCommand.RunAsync("report")).ShouldFailWith("VITRINE_API_KEY");
        (await VitrineCommand.RunAsync(server, "report", "--nonsense")).ShouldFailWith("no option '--nonsense'");
        (await VitrineCommand.RunAsync(server, "report", "")).ShouldFailWith("no experience id");
        (await VitrineCommand.RunAsync(server, "report", "..")).ShouldFailWith("no experience id");
        (await VitrineCommand.RunAsync(server, "report", "--url", $"{server.Address}behind/a/proxy")).ShouldFailWith("no such endpoint");
        (await VitrineCommand.RunAsync(server, "report", "--url", "nonsense")).ShouldFailWith("no address");
        (await VitrineCommand.RunAsync(server, "report", "--url", "http://127.0.0.1:1")).ShouldFailWith("cannot be reached");
    }

    [Fact]
    public async Task What_an_event_says_cannot_command_the_terminal()
    {
        var server = await shared.OpenAsync();
        using var client = server.Client();
        (await client.PostAsync(Bodies.New(1).Replace("Homepage banner", "\\u001b[2J\\u202eHome\\npage", StringComparison.Ordinal))).Status.ShouldBe(200);
        await client.ProjectedAsync();
        var report = (await VitrineCommand.RunAsync(server, "report")).ShouldSucceed();
        report.Text.ShouldContain("�[2J�Home�page");
        report.Text.ShouldNotContain("\u001b[2J");
    }

    [Fact]
    public async Task Workspaces_are_made_and_listed_beside_a_running_server()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        var made = (await VitrineCommand.RunAsync("workspace", "create", "second", "--time-zone", "Asia/Kathmandu", "--data", folder.Path)).ShouldSucceed();
        made.Text.ShouldContain(folder.Path);
        var key = Key().Match(made.Text).Value;
        (await VitrineCommand.RunAsync("workspace", "list", "--data", folder.Path)).ShouldSucceed()
            .Output.Select(static line => line.Split('\t')[0]).ShouldBe(["SHOP", "second"]);

        using var client = server.Client("second", key);
        await Poll.UntilAsync("the server knows it", TimeSpan.FromSeconds(1), async () => (await client.PostAsync(Bodies.New(1))).Status == 200);
        (await client.GetAsync("/api/v1/reports/experiences")).Json.GetProperty("tz").GetString().ShouldBe("Asia/Kathmandu");
        using var first = server.Client();
        (await first.UuidsAsync()).ShouldBeEmpty("workspaces see nothing of each other");

        (await VitrineCommand.RunAsync("workspace", "create", "second", "--data", folder.Path)).ShouldFailWith("already a workspace second");
        (await VitrineCommand.RunAsync("workspace", "create", "with space", "--data", folder.Path)).ShouldFailWith("1–64 letters");
        (await VitrineCommand.RunAsync("workspace", "create", "shop_DEBUG", "--data", folder.Path)).ShouldFailWith("_DEBUG");
        (await VitrineCommand.RunAsync("workspace", "create", "--time-zone", "Nowhere", "--data", folder.Path)).ShouldFailWith("Nowhere");
        (await VitrineCommand.RunAsync("workspace", "list", "--data", folder["absent"])).ShouldFailWith("no data folder");
        Directory.Exists(folder["absent"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_rotated_key_is_refused_within_a_second_and_with_an_overlap_both_work()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        using var old = server.Client();
        var second = await RotateAsync(server, "--overlap", "1h");
        await Poll.UntilAsync("the new key works", TimeSpan.FromSeconds(1), async () => (await second.PostAsync(Bodies.New(1))).Status == 200);
        (await old.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        (await VitrineCommand.RunAsync("workspace", "list", "--data", folder.Path)).ShouldSucceed().Text.ShouldContain("2 keys");

        using var third = await RotateAsync(server);
        await Poll.UntilAsync("the old keys are refused", TimeSpan.FromSeconds(1), async () =>
            (await old.PostAsync(Bodies.New(1))).Status == 401 && (await second.PostAsync(Bodies.New(1))).Status == 401);
        (await third.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        second.Dispose();
        using var fourth = await RotateAsync(server, "--overlap", "1s");
        await Poll.UntilAsync("the old key no longer counts", TimeSpan.FromSeconds(10), async () =>
            (await VitrineCommand.RunAsync("workspace", "list", "--data", folder.Path)).ShouldSucceed().Text.Contains("1 key", StringComparison.Ordinal));

        (await VitrineCommand.RunAsync("key", "rotate", "--workspace", "nobody", "--data", folder.Path)).ShouldFailWith("no workspace nobody");
        (await VitrineCommand.RunAsync("key", "rotate", "--workspace", "SHOP_DEBUG", "--data", folder.Path)).ShouldFailWith("name the workspace: SHOP");
        (await VitrineCommand.RunAsync("key", "rotate", "--overlap", "later", "--data", folder.Path)).ShouldFailWith("no duration");
        (await VitrineCommand.RunAsync("key", "rotate", "--new-key", "short", "--data", folder.Path)).ShouldFailWith("8–256");

        async Task<ApiClient> RotateAsync(ServerProcess running, params string[] options) => running.Client(
            key: Key().Match((await VitrineCommand.RunAsync(["key", "rotate", "--data", folder.Path, .. options])).ShouldSucceed().Text).Value);
    }

    [Fact]
    public async Task A_client_key_is_made_replaced_and_revoked_beside_a_running_server()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        var first = await KeyAsync("create", "--client", "--origin", "https://shop.example", "--requests-per-minute", "1000");
        using var client = server.Client(key: first);
        await Poll.UntilAsync("the server knows it", TimeSpan.FromSeconds(5), async () => (await client.PostAsync(Bodies.New(1))).Status == 200);
        (await client.GetAsync("/api/v1/ledger")).Status.ShouldBe(401);
        (await VitrineCommand.RunAsync("key", "list", "--data", folder.Path)).ShouldSucceed().Output
            .ShouldHaveSingleItem().ShouldBe($"{first}\thttps://shop.example\t1000 requests a minute\t");

        var second = await KeyAsync("rotate", "--client-key", first);
        using var next = server.Client(key: second);
        await Poll.UntilAsync("the old one is refused", TimeSpan.FromSeconds(5), async () => (await client.PostAsync(Bodies.New(1))).Status == 401);
        (await next.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        (await VitrineCommand.RunAsync("key", "revoke", second, "--data", folder.Path)).ShouldSucceed();
        await Poll.UntilAsync("the new one is refused", TimeSpan.FromSeconds(5), async () => (await next.PostAsync(Bodies.New(1))).Status == 401);
        (await VitrineCommand.RunAsync("key", "list", "--data", folder.Path)).ShouldSucceed().Output.ShouldBeEmpty();

        (await VitrineCommand.RunAsync("key", "create", "--data", folder.Path)).ShouldFailWith("--client");
        (await VitrineCommand.RunAsync("key", "create", "--client", "--origin", "shop", "--data", folder.Path)).ShouldFailWith("'shop' is no origin");
        (await VitrineCommand.RunAsync("key", "revoke", "vck_nobody", "--data", folder.Path)).ShouldFailWith("no client key vck_nobody");

        async Task<string> KeyAsync(params string[] arguments) =>
            Key().Match((await VitrineCommand.RunAsync(["key", .. arguments, "--data", folder.Path])).ShouldSucceed().Text).Value;
    }

    [Fact]
    public async Task The_journal_is_verified_and_inspected_beside_a_running_server_and_damage_is_found()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            var uuid = Guid.NewGuid();
            var request = (await client.PostAsync(Bodies.Of(uuid))).Json.GetProperty("req_id").GetString()!;
            (await client.PostAsync(Bodies.New(3))).Status.ShouldBe(200);
            (await VitrineCommand.RunAsync("journal", "verify", "--data", folder.Path)).ShouldSucceed().Text.ShouldContain("2 records");
            var record = (await VitrineCommand.RunAsync("journal", "inspect", request, "--data", folder.Path)).ShouldSucceed();
            JsonDocument.Parse(record.Text).RootElement.GetProperty("events")[0].GetProperty("moe_event_uuid").GetGuid().ShouldBe(uuid);
            (await VitrineCommand.RunAsync("journal", "inspect", "--data", folder.Path)).ShouldSucceed().Output.Count.ShouldBe(2);
            (await VitrineCommand.RunAsync("journal", "inspect", "99", "--data", folder.Path)).ShouldFailWith("no record at position 99");
            (await VitrineCommand.RunAsync("journal", "inspect", "!!", "--data", folder.Path)).ShouldFailWith("neither a req_id");
            await server.StopAsync();
        }

        Damage(folder["journal.db"], "Homepage banner");
        var damaged = await VitrineCommand.RunAsync("journal", "verify", "--data", folder.Path);
        damaged.ExitCode.ShouldNotBe(0);
        damaged.Errors.ShouldHaveSingleItem().ShouldContain("damaged at position");
        (await VitrineCommand.RunAsync("backup", folder["backup"], "--data", folder.Path)).ShouldFailWith("not sound");
        Directory.Exists(folder["backup"]).ShouldBeFalse("what is no backup does not lie about as one");
        (await VitrineCommand.RunAsync("journal", "verify", "--data", folder["absent"])).ShouldFailWith("no data folder");
        Directory.CreateDirectory(folder["empty"]);
        (await VitrineCommand.RunAsync("journal", "verify", "--data", folder["empty"])).ShouldFailWith("no journal");
    }

    [Fact]
    public async Task A_rebuild_is_refused_while_a_server_runs_and_where_there_is_nothing()
    {
        using var folder = new TemporaryFolder();
        await shared.OpenAsync();
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", shared.Data)).ShouldFailWith("in use by another vitrine process");
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", folder["absent"])).ShouldFailWith("no data folder");
        Directory.CreateDirectory(folder["empty"]);
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", folder["empty"])).ShouldFailWith("no journal");
        File.Exists(Path.Combine(folder["empty"], "journal.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_backup_of_a_running_server_is_complete_and_a_restore_checks_it()
    {
        using var folder = new TemporaryFolder();
        var (data, backup) = (folder["data"], folder["backup"]);
        var load = new Load(Seeded.Announced());
        var acknowledged = 0;
        await using (var server = await ServerProcess.StartAsync(data))
        {
            var done = false;
            var posting = load.RunAsync(server, 4, () => done);
            await Poll.UntilAsync("the load is on", TimeSpan.FromSeconds(20), () => load.Acknowledged > 2_000);
            acknowledged = load.Acknowledged;
            (await VitrineCommand.RunAsync("backup", backup, "--data", data)).ShouldSucceed();
            new DirectoryInfo(backup).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, "nobody else may read it");
            done = true;
            await posting;
            (await VitrineCommand.RunAsync("backup", backup, "--data", data)).ShouldFailWith("exists already");
        }

        (await VitrineCommand.RunAsync("restore", backup, "--data", folder["restored"])).ShouldSucceed();
        await using (var restored = await ServerProcess.StartAsync(folder["restored"]))
        {
            using var client = restored.Client();
            (await client.UuidsAsync()).Count.ShouldBeInRange(acknowledged, load.Acknowledged);
            await client.LedgerShouldBalanceAsync();
            await restored.StopAsync();
        }

        (await VitrineCommand.RunAsync("restore", backup, "--data", folder["restored"])).ShouldFailWith("empty folder");
        (await VitrineCommand.RunAsync("restore", folder["absent"], "--data", folder["target"])).ShouldFailWith("no complete backup");
        Directory.Exists(folder["target"]).ShouldBeFalse();
        Damage(Path.Combine(backup, "journal.db"), "Homepage banner");
        (await VitrineCommand.RunAsync("restore", backup, "--data", folder["target"])).ShouldFailWith("not as it was backed up");
        File.WriteAllText(Path.Combine(backup, "backup.json"), "{ this is no manifest");
        (await VitrineCommand.RunAsync("restore", backup, "--data", folder["target"])).ShouldFailWith("backup.json");
        File.Exists(Path.Combine(folder["target"], "journal.db")).ShouldBeFalse();
        (await VitrineCommand.RunAsync("backup", folder["nothing"], "--data", folder["empty"])).ShouldFailWith("no data folder");
    }

    [Theory]
    [InlineData("projection.duckdb")]
    [InlineData("journal.db-wal")]
    public async Task A_restore_refuses_a_folder_with_remains_of_other_data(string remains)
    {
        using var folder = new TemporaryFolder();
        await shared.OpenAsync();
        (await VitrineCommand.RunAsync("backup", folder["backup"], "--data", shared.Data)).ShouldSucceed();
        Directory.CreateDirectory(folder["target"]);
        File.WriteAllText(Path.Combine(folder["target"], remains), "what was here before");
        (await VitrineCommand.RunAsync("restore", folder["backup"], "--data", folder["target"])).ShouldFailWith("empty folder");
    }

    [Fact]
    public async Task An_interrupted_restore_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        await shared.OpenAsync();
        (await VitrineCommand.RunAsync("backup", folder["backup"], "--data", shared.Data)).ShouldSucceed();
        Directory.CreateDirectory(folder["target"]);
        File.Copy(Path.Combine(folder["backup"], "catalog.db"), Path.Combine(folder["target"], "catalog.db"));
        File.WriteAllText(Path.Combine(folder["target"], "journal.db.restoring"), "cut sho");
        (await VitrineCommand.RunAsync("restore", folder["backup"], "--data", folder["target"])).ShouldSucceed();
        await using var restored = await ServerProcess.StartAsync(folder["target"]);
    }

    [Fact]
    public async Task Unknown_commands_and_options_exit_non_zero_and_help_exits_zero()
    {
        foreach (var arguments in new string[][] { [], ["nonsense"], ["serve", "--nonsense"], ["import"], ["journal"] })
        {
            var result = await VitrineCommand.RunAsync(arguments);
            result.ShouldFailWith(" --help'");
            result.Output.ShouldBeEmpty();
        }

        (await VitrineCommand.RunAsync("nonsense")).ShouldFailWith("no command 'nonsense'");

        foreach (var arguments in new string[][] { ["--help"], ["serve", "--help"], ["import", "--help"], ["key", "rotate", "--help"] })
        {
            var result = (await VitrineCommand.RunAsync(arguments)).ShouldSucceed();
            result.Output.ShouldContain("Usage:");
            result.Errors.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Help_never_shows_the_key_of_the_environment()
    {
        var server = await shared.OpenAsync();
        foreach (var command in new string[][] { ["serve"], ["import"], ["report"], ["key", "rotate"] })
        {
            (await VitrineCommand.RunAsync(server, [.. command, "--help"])).ShouldSucceed().Text.ShouldNotContain(server.Key);
        }
    }

    /// <summary>Changes one byte of the first place where a text stands.</summary>
    private static void Damage(string file, string text)
    {
        var bytes = File.ReadAllBytes(file);
        var place = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        place.ShouldBeGreaterThan(0, $"'{text}' in {file}");
        bytes[place] ^= 0x20;
        File.WriteAllBytes(file, bytes);
    }

    [GeneratedRegex(@"v[sc]k_[A-Za-z0-9_-]+")]
    private static partial Regex Key();

    [GeneratedRegex(@"Homepage banner\s+0\s+7\s+0\s+0")]
    private static partial Regex Sevens();
}
