using System.Security.Cryptography;
using NodaTime;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Commands;
using Vitrine.Commands.Migration;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Tests.Cluster;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Commands.Migration;

/// <summary>A data folder that is moved into a cluster: whoever asks is told the same, and nothing is lost when it is interrupted.</summary>
[Collection(OnNats.Name)]
public sealed class ToClusterTests(NatsServers nats) : IDisposable
{
    private const string MiddleOfJournal = "in the middle of the journal";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Told => string.Join('\n', _told);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nodes_count_what_the_server_counted_and_go_on(bool isTrimmed)
    {
        var options = nats.NewCluster();
        var filled = await FilledFolder.MakeAsync(_folder["alone"], isTrimmed);

        (await MoveAsync(filled.Path, options)).ShouldBeTrue(Told);

        await using var node = await StartAsync(options, "node");
        (node.Journal.FirstPosition > 1).ShouldBe(isTrimmed);
        await filled.ShouldBeAtAsync(node);
        Should.Throw<DataDirectoryException>(() => DataDirectory.Visit(filled.Path).PrepareForServer()).Message.ShouldContain($"was moved to the cluster {options.Name}");
        (await Should.ThrowAsync<DataDirectoryException>(() => MoveAsync(filled.Path, nats.NewCluster()))).Message.ShouldContain("was moved to");
        await using var added = await StartAsync(options, "added");
        await added.ProjectedAsync();
        added.Service<Projector>().IsComplete.ShouldBeTrue();
    }

    [Theory]
    [InlineData(MiddleOfJournal)]
    [InlineData("Writing snapshots")]
    [InlineData("SHA-256 of the catalog")]
    public async Task Interrupted_it_leaves_the_folder_as_it_was_and_a_cluster_that_nodes_refuse_and_begins_anew(string step)
    {
        var options = nats.NewCluster();
        await MakeSmallAsync(_folder["alone"], 200);

        await Should.ThrowAsync<OperationCanceledException>(() => MoveAsync(_folder["alone"], options, interruptedAt: step));

        (await Should.ThrowAsync<ClusterException>(() => StartAsync(options, "refused"))).Message.ShouldContain("is being moved into the cluster");
        await using (var alone = await TestServer.StartAsync(_folder["alone"]))
        {
            var shop = new Shop(alone, "SHOP", "a-secret-key");
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted(); // It goes on there, and more is to be moved.
            await alone.ProjectedAsync();
        }

        (await MoveAsync(_folder["alone"], options)).ShouldBeTrue(Told);
        await using var node = await StartAsync(options, "node");
        await node.ProjectedAsync();
        (await new Shop(node, "SHOP", "a-secret-key").EventsAsync()).Count.ShouldBe(201);
    }

    [Fact]
    public async Task Interrupted_between_the_marks_of_the_folder_and_of_the_stream_it_can_be_done_again()
    {
        var options = nats.NewCluster();
        await MakeSmallAsync(_folder["alone"], 1);
        await Should.ThrowAsync<OperationCanceledException>(() => MoveAsync(_folder["alone"], options, interruptedAt: "SHA-256 of the catalog"));
        await File.WriteAllTextAsync(_folder["alone/migrated"], "there", Stop);

        (await MoveAsync(_folder["alone"], options)).ShouldBeTrue(Told);
    }

    [Fact]
    public async Task A_cluster_that_runs_or_holds_anything_is_left_as_it_is()
    {
        var options = nats.NewCluster();
        await MakeSmallAsync(_folder["alone"], 1);
        await using (await StartAsync(options, "node"))
        {
            await Eventually.BeTrueAsync(async () => await FailureAsync(options) is { } running && running.Contains("Nodes of the cluster run", StringComparison.Ordinal));
        }

        await Eventually.BeTrueAsync(async () => (await FailureAsync(options)).Contains("is not empty", StringComparison.Ordinal));
        File.Exists(_folder["alone/migrated"]).ShouldBeFalse();
        await using var again = await StartAsync(options, "node");
        (await Should.ThrowAsync<DataDirectoryException>(() => MoveAsync(_folder["node"], options))).Message.ShouldContain("in use");
    }

    [Fact]
    public async Task A_block_that_is_larger_than_a_message_is_refused_before_anything_is_written()
    {
        var options = nats.NewCluster();
        await MakeSmallAsync(_folder["alone"], 1);
        await using (var journal = new SqliteJournal(_folder["alone/journal.db"], new JournalOptions(), TimeProvider.System, new JournalMetrics(Metrics.NewCustomRegistry())))
        {
            var record = PendingRecord.Rent();
            record.Body.WriteRaw(RandomNumberGenerator.GetBytes(1_500_000));
            (await journal.AppendAsync("SHOP", record)).Outcome.ShouldBe(AppendOutcome.Durable);
        }

        (await Should.ThrowAsync<CommandException>(() => MoveAsync(_folder["alone"], options))).Message.ShouldContain("set max_payload there to 2MB");

        await using var cluster = new ClusterConnection(options);
        await cluster.ConnectAsync(Stop);
        (await cluster.FindDescriptionAsync(Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_damaged_journal_is_refused()
    {
        await MakeSmallAsync(_folder["alone"], 3);
        using (var file = JournalFile.Open(_folder["alone/journal.db"], Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            JournalFile.Execute(file, "UPDATE journal_group SET payload = zeroblob(length(payload)) WHERE first_position = 2");
        }

        (await Should.ThrowAsync<CommandException>(() => MoveAsync(_folder["alone"], nats.NewCluster()))).Message.ShouldContain("the journal is damaged");
        Told.ShouldContain("position 2");
    }

    [Fact]
    public async Task A_folder_of_a_server_that_nobody_asked_anything_moves_too()
    {
        var options = nats.NewCluster();
        await MakeSmallAsync(_folder["alone"], 0);
        (await MoveAsync(_folder["alone"], options)).ShouldBeTrue(Told);
        await using var node = await StartAsync(options, "node");
        (await new Shop(node, "SHOP", "a-secret-key").PostAsync(Bodies.One())).ShouldBeAccepted();
    }

    private async Task<string> FailureAsync(ClusterOptions options)
    {
        try
        {
            await MoveAsync(_folder["alone"], options);
            return "";
        }
        catch (ClusterException fault)
        {
            return fault.Message;
        }
    }

    private Task<bool> MoveAsync(string folder, ClusterOptions options, string? interruptedAt = null)
    {
        _told.Clear();
        return new ToCluster(options, Clock.New(), Tell, Progress).RunAsync(folder, Stop);

        void Progress(long reached, long last)
        {
            if (interruptedAt == MiddleOfJournal && _told[^1].StartsWith("Writing ", StringComparison.Ordinal) && reached > 64)
            {
                throw new OperationCanceledException(MiddleOfJournal);
            }
        }

        void Tell(string line)
        {
            _told.Add(line);
            if (interruptedAt is not null && line.StartsWith(interruptedAt, StringComparison.Ordinal))
            {
                throw new OperationCanceledException(line);
            }
        }
    }

    /// <summary>A folder with one workspace and so many events of it, each a record.</summary>
    private static async Task MakeSmallAsync(string folder, int events)
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync(folder);
        server.Catalog.CreateWorkspace("SHOP", "a-secret-key", DateTimeZoneProviders.Tzdb["UTC"]);
        var shop = new Shop(server, "SHOP", "a-secret-key");
        for (var count = 0; count < events; count++)
        {
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        await server.ProjectedAsync();
    }

    private async Task<TestServer> StartAsync(ClusterOptions options, string name)
    {
        var server = await TestServer.StartAsync(_folder[name], settings => settings with { Cluster = options });
        await Eventually.BeTrueAsync(() => Task.FromResult(server.Service<Projector>().IsOpen));
        return server;
    }
}
