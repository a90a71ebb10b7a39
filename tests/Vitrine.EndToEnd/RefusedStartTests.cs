using System.Buffers.Binary;
using System.Diagnostics;

namespace Vitrine.EndToEnd;

/// <summary>A start that cannot succeed says so in one line and leaves everything as it was.</summary>
[Collection(WhatIsKept.Name)]
public sealed class RefusedStartTests(SharedServer shared)
{
    [Fact]
    public async Task A_port_in_use()
    {
        using var folder = new TemporaryFolder();
        using var occupied = new OccupiedPort();
        (await ServeAsync(new ServerSetup(folder.Path) { Urls = occupied.Url })).ShouldFailWith("address already in use");
    }

    [Fact]
    public async Task A_second_server_on_the_same_data()
    {
        var first = await shared.OpenAsync();
        (await ServeAsync(new ServerSetup(shared.Data))).ShouldFailWith("in use by another vitrine process");
        using var client = first.Client();
        (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");
        (await ServeAsync(new ServerSetup(Path.Combine(file, "data")))).ShouldFailWith("data folder");
        (await ServeAsync(new ServerSetup(file))).ShouldFailWith("data folder");
    }

    [Fact]
    public async Task A_journal_that_is_gone()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.New(1), "return=representation")).Status.ShouldBe(200);
            await server.StopAsync();
        }

        File.Move(folder["journal.db"], folder["elsewhere"]);
        (await ServeAsync(new ServerSetup(folder.Path))).ShouldFailWith("the journal, which holds the events, is lost");
        File.Exists(folder["journal.db"]).ShouldBeFalse();

        File.Move(folder["elsewhere"], folder["journal.db"]);
        await using var again = await ServerProcess.StartAsync(folder.Path);
        using var later = again.Client();
        (await later.UuidsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_only_data_folder()
    {
        using var mount = TemporaryMount.CreateOrSkip("4m");
        await using (var server = await ServerProcess.StartAsync(mount.Path))
        {
            await server.StopAsync();
        }

        mount.Remount("ro");
        (await ServeAsync(new ServerSetup(mount.Path))).ShouldFailWith("data folder");
    }

    [Theory]
    [InlineData("journal.db", "The journal has layout 99")]
    [InlineData("catalog.db", "The catalog has layout 99")]
    public async Task Data_of_a_newer_version(string file, string message)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            await server.StopAsync();
        }

        SetUserVersion(folder[file], 99);
        var before = await File.ReadAllBytesAsync(folder[file]);
        (await ServeAsync(new ServerSetup(folder.Path))).ShouldFailWith(message);
        (await File.ReadAllBytesAsync(folder[file])).ShouldBe(before);
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("catalog.db")]
    public async Task A_file_that_is_no_database(string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, string.Concat(Enumerable.Repeat("this is no database\n", 1_000)));
        (await ServeAsync(new ServerSetup(folder.Path))).ShouldFailWith("not a database");
    }

    [Fact]
    public async Task An_address_that_asks_for_tls()
    {
        using var folder = new TemporaryFolder();
        (await ServeAsync(new ServerSetup(folder.Path) { Urls = "https://127.0.0.1:0" })).ShouldFailWith("behind a proxy");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--urls=ftp://127.0.0.1")]
    [InlineData("--journal-retention-size=1KiB")]
    [InlineData("--journal-retention-age=soon")]
    [InlineData("--report-memory=1")]
    [InlineData("--report-page-memory=much")]
    public async Task An_option_that_makes_no_sense(string option)
    {
        using var folder = new TemporaryFolder();
        var result = await VitrineCommand.RunAsync("serve", "--data", folder.Path, option);
        result.ExitCode.ShouldNotBe(0);
        result.Errors.ShouldNotBeEmpty();
        result.Text.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_key_that_is_too_short()
    {
        using var folder = new TemporaryFolder();
        var setup = new ServerSetup(folder.Path) { Environment = new Dictionary<string, string> { ["VITRINE_API_KEY"] = "short" } };
        var result = await ServeAsync(setup);
        result.ShouldFailWith("8–256 characters");
        result.Text.ShouldNotContain("short");
    }

    private static async Task<CommandResult> ServeAsync(ServerSetup setup)
    {
        await using var server = ServerProcess.Launch(setup);
        var started = Stopwatch.GetTimestamp();
        var code = await server.Process.ExitAsync(ServerProcess.StartLimit);
        TestContext.Current.TestOutputHelper?.WriteLine($"refused after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        // What was logged before the failure is no part of its explanation.
        return new CommandResult(
            code,
            server.Process.Output,
            [.. server.Process.Errors.Where(static line => !line.Contains("\"LogLevel\":\"Information\"", StringComparison.Ordinal))]);
    }

    /// <summary>SQLite keeps it as four bytes, the highest first, at offset 60.</summary>
    private static void SetUserVersion(string file, int version)
    {
        using var stream = File.OpenWrite(file);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, version);
        stream.Position = 60;
        stream.Write(bytes);
    }
}
