namespace Vitrine.EndToEnd;

/// <summary>The files in <c>deploy/</c>, as the tools that read them see them.</summary>
[Collection(WhatIsKept.Name)]
public sealed class DeploymentTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("check", "rules", "alerts.yaml")]
    [InlineData("test", "rules", "alerts.test.yaml")]
    [InlineData("check", "config", "prometheus.yaml")]
    public async Task Prometheus_takes_the_alert_rules_and_they_say_what_they_should(params string[] arguments) =>
        await RunAsync("promtool", [.. arguments[..^1], Path.Combine(Build.Root, "deploy", arguments[^1])]);

    [Fact]
    public async Task Systemd_takes_the_unit()
    {
        using var folder = new TemporaryFolder();
        var unit = await File.ReadAllTextAsync(Path.Combine(Build.Root, "deploy", "vitrine.service"), TestContext.Current.CancellationToken);
        var file = folder.Write("vitrine.service", unit.Replace("/usr/local/bin/vitrine", Build.Executable, StringComparison.Ordinal));
        await RunAsync("systemd-analyze", ["verify", file]);
    }

    private static async Task RunAsync(string tool, string[] arguments)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, tool))), $"There is no {tool} here.");
        await using var process = new ChildProcess(tool, arguments, new Dictionary<string, string>());
        (await process.ExitAsync(Limit)).ShouldBe(0, string.Join('\n', process.Output.Concat(process.Errors)));
    }
}
