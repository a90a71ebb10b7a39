using Microsoft.Data.Sqlite;
using Vitrine.Cluster;
using Vitrine.Commands;
using Vitrine.Commands.Migration;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Tests.Cluster;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Commands.Migration;

/// <summary>A cluster that is moved into a data folder, and back: whoever asks is told the same.</summary>
[Collection(OnNats.Name)]
public sealed class FromClusterTests(NatsServers nats) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Told => string.Join('\n', _told);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task There_and_back_and_there_again_everything_is_what_it_was(bool isTrimmed)
    {
        var (options, others) = (nats.NewCluster(), nats.NewCluster());
        if (isTrimmed)
        {
            options = options with { Snapshots = _folder["snapshots"] };
            (await Should.ThrowAsync<ClusterException>(() => new ToCluster(options, Clock.New(), _told.Add, static (_, _) => { }).RunAsync(_folder["alone"], Stop))).Message.ShouldContain("There is no folder");
            Directory.CreateDirectory(_folder["snapshots"]);
        }

        var filled = await FilledFolder.MakeAsync(_folder["alone"], isTrimmed);
        (await new ToCluster(options, Clock.New(), _told.Add, static (_, _) => { }).RunAsync(filled.Path, Stop)).ShouldBeTrue(Told);
        await using (var node = await StartAsync(options, "node"))
        {
            await filled.ShouldBeAtAsync(node);
            await filled.GoOnAsync(node);
        }

        if (isTrimmed)
        {
            (await Should.ThrowAsync<ClusterException>(() => MoveAsync(_folder["forgotten"], options with { Snapshots = null }))).Message.ShouldContain("Say with --cluster-snapshots where they are");
        }

        (await MoveAsync(_folder["back"], options)).ShouldBeTrue(Told);

        Told.ShouldContain("The cluster's projection starts from its snapshot of position");
        VerifiedSound(_folder["back/journal.db"]);
        (await Should.ThrowAsync<ClusterException>(() => StartAsync(options, "refused"))).Message.ShouldContain("was moved into a data folder");
        Backup.Take(DataDirectory.Visit(_folder["back"]), _folder["backup"], Clock.New()).Records.ShouldBe(VerifiedSound(_folder["back/journal.db"]));
        IncrementalBackup.Take(DataDirectory.Visit(_folder["back"]), _folder["incremental"], Clock.New()).New.ShouldBe(VerifiedSound(_folder["back/journal.db"]));
        IncrementalBackup.Assemble(_folder["incremental"], Backup.Check(_folder["incremental"]), _folder["assembled.db"]);
        VerifiedSound(_folder["assembled.db"]).ShouldBe(VerifiedSound(_folder["back/journal.db"]));
        await using (var alone = await TestServer.StartAsync(_folder["back"]))
        {
            await filled.ShouldBeAtAsync(alone);
            await filled.LookAgainAsync(alone);
        }

        (await new ToCluster(others, Clock.New(), _told.Add, static (_, _) => { }).RunAsync(_folder["back"], Stop)).ShouldBeTrue(Told);
        await using var again = await StartAsync(others, "again");
        await filled.ShouldBeAtAsync(again);
    }

    [Fact]
    public async Task A_cluster_that_began_as_one_moves_too_and_an_interrupted_move_leaves_it_in_use()
    {
        var options = nats.NewCluster();
        var shop = await FillAsync(options, 5);
        foreach (var step in new[] { "Writing the journal", "Projecting both", "SHA-256 over positions" })
        {
            await Should.ThrowAsync<OperationCanceledException>(() => MoveAsync(_folder["alone"], options, step));
            await using var node = await StartAsync(options, "node");
            (await shop.On(node).PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        (await MoveAsync(_folder["alone"], options)).ShouldBeTrue(Told);

        VerifiedSound(_folder["alone/journal.db"]).ShouldBe(8);
        await using (var alone = await TestServer.StartAsync(_folder["alone"]))
        {
            alone.Journal.FirstPosition.ShouldBe(1);
            await alone.ProjectedAsync();
            (await shop.On(alone).EventsAsync()).Count.ShouldBe(8);
            (await shop.On(alone).PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        (await MoveAsync(_folder["another"], options)).ShouldBeTrue("one that was interrupted between the mark and the last file is done again");
    }

    [Fact]
    public async Task A_cluster_that_runs_or_is_none_and_a_folder_that_is_not_empty_are_refused()
    {
        var options = nats.NewCluster();
        (await Should.ThrowAsync<CommandException>(() => MoveAsync(_folder["alone"], options))).Message.ShouldContain("there is no cluster");
        await using (var node = await StartAsync(options, "node"))
        {
            await Eventually.BeTrueAsync(() => Task.FromResult(node.Service<Leadership>().IsLeader)); // By then it has told of itself.
            (await Should.ThrowAsync<ClusterException>(() => MoveAsync(_folder["alone"], options))).Message.ShouldContain("Nodes of the cluster run");
        }

        Directory.CreateDirectory(_folder["alone"]);
        await File.WriteAllTextAsync(_folder["alone/something"], "", Stop);
        (await Should.ThrowAsync<CommandException>(() => MoveAsync(_folder["alone"], options))).Message.ShouldContain("holds something already");
    }

    private async Task<Shop> FillAsync(ClusterOptions options, int events)
    {
        TestCluster.SkipWhereAsked();
        await using var node = await StartAsync(options, "node");
        var shop = node.OpenShop();
        for (var count = 0; count < events; count++)
        {
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        await node.ProjectedAsync();
        return shop;
    }

    /// <summary>Answers how many records there are.</summary>
    private static long VerifiedSound(string journal)
    {
        using var file = JournalFile.Open(journal, SqliteOpenMode.ReadOnly);
        var verification = JournalVerification.Run(file);
        verification.Damages.ShouldBeEmpty();
        return verification.Records;
    }

    private Task<bool> MoveAsync(string folder, ClusterOptions options, string? interruptedAt = null)
    {
        _told.Clear();
        return new FromCluster(options, Clock.New(), Tell, static (_, _) => { }).RunAsync(folder, Stop);

        void Tell(string line)
        {
            _told.Add(line);
            if (interruptedAt is not null && line.StartsWith(interruptedAt, StringComparison.Ordinal))
            {
                throw new OperationCanceledException(line);
            }
        }
    }

    private async Task<TestServer> StartAsync(ClusterOptions options, string name)
    {
        var server = await TestServer.StartAsync(_folder[name], settings => settings with { Cluster = options });
        await Eventually.BeTrueAsync(() => Task.FromResult(server.Service<Projector>().IsOpen));
        return server;
    }
}
