using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd;

public sealed partial class FirstStartTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task The_first_start_prints_two_commands_that_work_when_pasted()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = Nothing });
        await Poll.UntilAsync("the welcome is printed", TimeSpan.FromSeconds(5), () => server.Process.Output.Any(static line => line.Contains("/docs", StringComparison.Ordinal)));
        var printed = string.Join('\n', server.Process.Output);
        printed.ShouldContain($"listens on {server.Address.ToString().TrimEnd('/')}");
        var commands = Command().Matches(printed).Select(static match => match.Value).ToList();
        commands.Count.ShouldBe(2, printed);

        // In one shell, one right behind the other: nobody waits for a projection.
        var (code, output) = await BashAsync(string.Join('\n', commands), Nothing);

        code.ShouldBe(0, output);
        output.ShouldContain("\"status\":\"success\"");
        output.ShouldContain("\"impressions\":1");
        output.ShouldContain("\"variation\":\"2\"");
    }

    [Fact]
    public async Task The_commands_work_with_a_key_from_the_environment()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["VITRINE_API_KEY"] = "my-own-key-0123456789" };
        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = environment });
        await Poll.UntilAsync("the welcome is printed", TimeSpan.FromSeconds(5), () => server.Process.Output.Any(static line => line.Contains("/docs", StringComparison.Ordinal)));
        var printed = string.Join('\n', server.Process.Output);
        printed.ShouldNotContain("my-own-key");
        printed.ShouldContain("set it too where you paste the commands");

        var (code, output) = await BashAsync(string.Join('\n', Command().Matches(printed).Select(static match => match.Value)), environment);

        code.ShouldBe(0, output);
        output.ShouldContain("\"impressions\":1");
    }

    [Fact]
    public async Task The_key_is_printed_once()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var first = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = Nothing }))
        {
            await Poll.UntilAsync("the key is printed", TimeSpan.FromSeconds(5), () => first.Process.Output.Any(static line => Key().IsMatch(line)));
            key = Key().Match(string.Join('\n', first.Process.Output)).Value;
            await first.StopAsync();
        }

        await using var second = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = Nothing });
        await second.StopAsync();
        var printed = string.Join('\n', second.Process.Output.Concat(second.Process.Errors));
        printed.ShouldContain("listens on");
        printed.ShouldNotContain(key);
        printed.ShouldNotContain("vsk_");
    }

    [Fact]
    public async Task The_key_is_not_lost_when_the_first_start_fails()
    {
        using var folder = new TemporaryFolder();
        using var occupied = new OccupiedPort();
        string printed;
        await using (var failed = ServerProcess.Launch(new ServerSetup(folder.Path) { Environment = Nothing, Urls = occupied.Url }))
        {
            (await failed.Process.ExitAsync(ServerProcess.StartLimit)).ShouldNotBe(0);
            printed = string.Join('\n', failed.Process.Output);
        }

        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = Nothing });
        await server.StopAsync();
        (printed + string.Join('\n', server.Process.Output)).ShouldContain("vsk_");
    }

    [Fact]
    public async Task The_environment_sets_workspace_and_key_and_a_changed_key_replaces_the_old_one()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
            await server.StopAsync();
        }

        var changed = new Dictionary<string, string> { ["VITRINE_WORKSPACE"] = ServerSetup.Workspace, ["VITRINE_API_KEY"] = "another-key-0123456789" };
        await using var again = await ServerProcess.StartAsync(new ServerSetup(folder.Path) { Environment = changed });
        using var old = again.Client();
        using var now = again.Client(key: "another-key-0123456789");
        (await old.PostAsync(Bodies.New(1))).Status.ShouldBe(401);
        (await now.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        (await now.UuidsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_built_server_is_ready_soon()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await ServerProcess.StartAsync(folder.Path))
        {
            await first.StopAsync();
        }

        var started = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(folder.Path);
        var taken = Stopwatch.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"ready after {taken.TotalMilliseconds:0} ms");

        // The goal is 2 s; a machine that is busy with other things gets five times that.
        taken.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_run_script_prints_help()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("VITRINE_TEST_NO_BUILD") == "1", "VITRINE_TEST_NO_BUILD is set and ./run builds.");
        var (code, output) = await BashAsync($"'{Path.Combine(Build.Root, "run")}' --help", Nothing);
        code.ShouldBe(0, output);
        output.ShouldContain("--data");
        output.ShouldContain("--urls");
    }

    private static async Task<(int Code, string Output)> BashAsync(string text, Dictionary<string, string> environment)
    {
        await using var shell = new ChildProcess("bash", ["-c", text], environment);
        var code = await shell.ExitAsync(TimeSpan.FromMinutes(2));
        return (code, string.Join('\n', shell.Output.Concat(shell.Errors)));
    }

    [GeneratedRegex(@"^curl (?:.*\\\n)*.*$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"vsk_[A-Za-z0-9_-]+")]
    private static partial Regex Key();
}
