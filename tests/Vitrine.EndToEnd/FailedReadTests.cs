using System.Runtime.InteropServices;

namespace Vitrine.EndToEnd;

/// <summary>What could not be read once is read again: it says nothing about what is on the disk.</summary>
public sealed class FailedReadTests
{
    [Fact]
    public async Task A_failed_read_of_the_journal_costs_a_moment_and_no_event()
    {
        using var folder = new TemporaryFolder();
        var data = folder["data"];
        var library = await FailingDisk.CompileOrSkipAsync(folder);
        var load = new Load(Seeded.Announced());
        await using (var server = await ServerProcess.StartAsync(data))
        {
            await load.RunAsync(server, 6, () => load.Acknowledged > 5_000);
            await server.StopAsync();
        }

        File.Delete(Path.Combine(data, "projection.duckdb"));
        await using var again = await ServerProcess.StartAsync(FailingDisk.Setup(data, library, "FAILING_READS", "3"));
        await load.ShouldBeKeptAsync(again);
        again.Process.Errors.ShouldContain(static line => line.Contains("The projection was interrupted", StringComparison.Ordinal));
        using var client = again.Client();
        (await client.TextAsync("/metrics")).ShouldContain("vitrine_projection_quarantined_records_total 0");
    }

    [Fact]
    public async Task A_projection_that_has_much_to_catch_up_with_does_not_keep_the_server_from_stopping()
    {
        Assert.SkipUnless(Build.Long, "So much to catch up with takes half a minute; ./test --long makes it.");
        using var folder = new TemporaryFolder();
        var load = new Load(Seeded.Announced()) { LargestBatch = 100 };
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            await load.RunAsync(server, 6, () => load.Acknowledged > 600_000);
            await server.KillAsync();
        }

        File.Delete(folder["projection.duckdb"]);
        File.Delete(folder["projection.duckdb.wal"]);
        await using var again = await ServerProcess.StartAsync(folder.Path);
        again.Process.Send(PosixSignal.SIGTERM);
        (await again.Process.ExitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0, string.Join('\n', again.Process.Errors));
    }
}
