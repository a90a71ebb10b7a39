using System.Text.RegularExpressions;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Profiles;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

/// <summary>A journal that is trimmed goes on in the projection's base: nothing that was counted is lost.</summary>
public sealed partial class ProjectionBaseTests
{
    private static readonly Func<ServerOptions, ServerOptions> KeepAnHour =
        static options => options with
        {
            Journal = options.Journal with { RetentionAge = TimeSpan.FromHours(1) },
            Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) }, // The tests say when.
        };

    [Fact]
    public async Task Records_past_their_age_go_once_the_base_has_them()
    {
        await using var server = await TestServer.StartAsync(options: KeepAnHour);
        var shop = await FillTwiceAsync(server);
        var before = await ProjectionBooks.ReadAsync(shop);

        var first = await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);

        first.ShouldBe(21);
        server.Journal.FirstPosition.ShouldBe(21);
        ProjectionFile.PositionOf(ProjectionPaths.In(server.Folder).Base).ShouldBe(40);
        (await ProjectionBooks.ReadAsync(shop)).ShouldBe(before);
    }

    [Fact]
    public async Task A_base_that_cannot_be_written_is_told_and_written_when_it_can_be()
    {
        using var folder = new TemporaryFolder();
        var paths = ProjectionPaths.In(folder.Path);
        await File.WriteAllTextAsync(ProjectionCopy.Written(paths.Base), "What a server that was killed has left", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(folder.Path, static options => options with
        {
            Journal = KeepAnHour(options).Journal,
            Projection = options.Projection with { TrimInterval = TimeSpan.FromMilliseconds(20) },
        });
        await Eventually.BeTrueAsync(() => Task.FromResult(!File.Exists(ProjectionCopy.Written(paths.Base))));
        Directory.CreateDirectory(paths.Base); // Nothing can take its place.
        await FillTwiceAsync(server);
        await Eventually.BeTrueAsync(async () => TrimFailures().IsMatch(await server.MetricsAsync()));
        server.Journal.FirstPosition.ShouldBe(1);

        Directory.Delete(paths.Base);

        await Eventually.BeTrueAsync(() => Task.FromResult(server.Journal.FirstPosition == 21));
    }

    [Fact]
    public async Task A_base_that_is_damaged_is_said_to_be_and_copied_once()
    {
        using var folder = new TemporaryFolder();
        var paths = ProjectionPaths.In(folder.Path);
        await using (var server = await TestServer.StartAsync(folder.Path, KeepAnHour))
        {
            await FillTwiceAsync(server);
            await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);
        }

        paths.Delete();
        var bytes = await File.ReadAllBytesAsync(paths.Base, TestContext.Current.CancellationToken);
        bytes.AsSpan(0, 8192).Fill(0xA5);
        await File.WriteAllBytesAsync(paths.Base, bytes, TestContext.Current.CancellationToken);

        await using var again = await TestServer.StartAsync(folder.Path, KeepAnHour);
        await Eventually.BeTrueAsync(async () => Restarts().Match(await again.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)) is { Success: true } restarts
            && int.Parse(restarts.Groups[1].Value, null) >= 3);
        again.Service<Projector>().IsOpen.ShouldBeFalse();
        Directory.GetFiles(folder.Path, "projection*").ShouldBe([paths.Base]);
        (await again.OpenShop().PostAsync(Bodies.One())).ShouldBeAccepted();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_projection_that_is_gone_or_damaged_is_built_from_the_base_and_the_rest_of_the_journal(bool damaged)
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        string before;
        await using (var server = await TestServer.StartAsync(folder.Path, KeepAnHour))
        {
            shop = await FillTwiceAsync(server);
            await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);
            await PostAsync(shop, 5);
            before = await ProjectionBooks.ReadAsync(shop);
        }

        var file = ProjectionPaths.In(folder.Path).File;
        File.Delete(file + ".wal");
        File.Delete(file);
        if (damaged)
        {
            await File.WriteAllTextAsync(file, "no database", TestContext.Current.CancellationToken);
        }

        await using var again = await TestServer.StartAsync(folder.Path, KeepAnHour);
        (await ProjectionBooks.ReadAsync(shop.On(again))).ShouldBe(before);
        again.Service<Projector>().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_retry_of_an_event_whose_record_is_gone_is_still_a_duplicate()
    {
        await using var server = await TestServer.StartAsync(options: KeepAnHour);
        var shop = server.OpenShop();
        var body = Bodies.One();
        (await shop.PostAsync(body)).Status.ShouldBe(200);
        server.Time.Advance(TimeSpan.FromHours(2));
        await PostAsync(shop, 1);
        await server.ProjectedAsync();
        await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);

        var answer = await shop.PostAsync(body, "return=representation");

        ((string?)answer.Json["events"]![0]!["outcome"]).ShouldBe("duplicate");
    }

    [Fact]
    public async Task A_base_that_reaches_far_enough_is_not_copied_again()
    {
        await using var server = await TestServer.StartAsync(options: KeepAnHour);
        var shop = await FillTwiceAsync(server);
        await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);
        var written = File.GetLastWriteTimeUtc(ProjectionPaths.In(server.Folder).Base);
        server.Time.Advance(TimeSpan.FromHours(2));
        await PostAsync(shop, 1);
        await server.ProjectedAsync();

        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(41);

        File.GetLastWriteTimeUtc(ProjectionPaths.In(server.Folder).Base).ShouldBe(written);
    }

    [Fact]
    public async Task Without_retention_nothing_is_trimmed()
    {
        await using var server = await TestServer.StartAsync();
        await FillTwiceAsync(server);

        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(1);

        File.Exists(ProjectionPaths.In(server.Folder).Base).ShouldBeFalse();
    }

    [Fact]
    public async Task A_group_stamped_by_a_clock_that_was_behind_does_not_take_the_younger_ones_with_it()
    {
        await using var server = await TestServer.StartAsync(options: KeepAnHour);
        var shop = server.OpenShop();
        server.Time.Advance(TimeSpan.FromDays(1));
        await PostAsync(shop, 3);
        server.Time.Advance(TimeSpan.FromHours(-5));
        await PostAsync(shop, 1);
        server.Time.Advance(TimeSpan.FromHours(5));
        await PostAsync(shop, 1);
        await server.ProjectedAsync();

        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    [Fact]
    public async Task Records_beyond_the_size_go_oldest_first()
    {
        await using var server = await TestServer.StartAsync(
            options: static options => options with { Journal = options.Journal with { RetentionBytes = 1 << 20 } });
        var shop = server.OpenShop();
        for (var request = 0; request < 40; request++)
        {
            var elements = Enumerable.Range(0, 100).Select(static index => Bodies.Element(
                Bodies.Action(attributes: static attributes => attributes["filling"] = new string('x', 500))));
            (await shop.PostAsync(Bodies.Of([.. elements]))).Status.ShouldBe(200);
        }

        await server.ProjectedAsync();
        var before = await ProjectionBooks.ReadAsync(shop);
        var first = await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);

        first.ShouldBeInRange(15, 39);
        var (kept, largest) = RecordBytes(server);
        kept.ShouldBeInRange((1 << 20) - largest, 1 << 20, "no more goes than must");
        (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(first);
        (await ProjectionBooks.ReadAsync(shop)).ShouldBe(before);
    }

    [Fact]
    public async Task A_projection_that_lacks_what_the_journal_no_longer_has_never_becomes_a_base()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await TestServer.StartAsync(folder.Path, KeepAnHour))
        {
            await FillTwiceAsync(server);
            await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken);
        }

        var paths = ProjectionPaths.In(folder.Path);
        File.Delete(paths.Base);
        paths.Delete();

        await using var again = await TestServer.StartAsync(folder.Path, KeepAnHour);
        again.Time.Advance(TimeSpan.FromHours(9));
        await again.ProjectedAsync();
        again.Service<Projector>().IsComplete.ShouldBeFalse();
        (await again.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBe(21);
        File.Exists(paths.Base).ShouldBeFalse();
    }

    [Fact]
    public async Task A_projection_of_another_journal_is_not_overtaken_by_requests_that_come_while_it_is_opened()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            await PostAsync(server.OpenShop(), 5);
            await server.ProjectedAsync();
        }

        foreach (var file in Directory.GetFiles(folder.Path, "journal.db*"))
        {
            File.Delete(file);
        }

        await using var journal = new SqliteJournal(
            DataDirectory.JournalIn(folder.Path), new JournalOptions(), TimeProvider.System, new JournalMetrics(Prometheus.Metrics.NewCustomRegistry()));
        var metrics = new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry());
        using var profiles = new CustomerProfiles(ProjectionPaths.In(folder.Path), new ProjectionOptions(), metrics);
        using var projector = new Projector(
            journal,
            ProjectionPaths.In(folder.Path),
            new LocalBase(ProjectionPaths.In(folder.Path)),
            new ProjectionOptions(),
            metrics,
            profiles,
            new BehaviourWatches(TimeProvider.System),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Projector>.Instance);
        for (var record = 0; record < 9; record++)
        {
            var pending = PendingRecord.Rent();
            pending.Body.WriteByte(0);
            (await journal.AppendAsync("SHOP", pending)).Outcome.ShouldBe(AppendOutcome.Durable);
        }

        projector.Start();

        (await projector.WaitForAsync(9, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
        Directory.GetFiles(folder.Path, "*.damaged-*").ShouldNotBeEmpty();
    }

    private static (long Kept, long Largest) RecordBytes(TestServer server)
    {
        using var journal = JournalFile.Open(DataDirectory.JournalIn(server.Folder), Microsoft.Data.Sqlite.SqliteOpenMode.ReadOnly);
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT sum(length(payload)), max(length(payload)) FROM journal_group";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<Shop> FillTwiceAsync(TestServer server)
    {
        var shop = server.OpenShop();
        await PostAsync(shop, 20);
        server.Time.Advance(TimeSpan.FromHours(2));
        await PostAsync(shop, 20);
        await server.ProjectedAsync();
        return shop;
    }

    /// <summary>Posts requests of one event each, one after the other, so that each is a commit group.</summary>
    private static async Task PostAsync(Shop shop, int requests)
    {
        for (var request = 0; request < requests; request++)
        {
            (await shop.PostAsync(Bodies.One())).Status.ShouldBe(200);
        }
    }

    [GeneratedRegex(@"^vitrine_projection_restarts_total (\d+)", RegexOptions.Multiline)]
    private static partial Regex Restarts();

    [GeneratedRegex("^vitrine_projection_trim_failures_total [1-9]", RegexOptions.Multiline)]
    private static partial Regex TrimFailures();
}
