using System.Security.Cryptography;
using Vitrine.Cluster;
using Vitrine.Cluster.Snapshots;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster.Snapshots;

/// <summary>What holds of snapshots wherever they are kept.</summary>
[Collection(OnNats.Name)]
public sealed class SnapshotSeriesTests(NatsServers nats, S3Server s3) : IAsyncLifetime, IClassFixture<S3Server>
{
    private const int Layout = 7;
    private const int MoreThanAPart = (32 << 20) + 12_345;
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private ClusterConnection? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("nats")]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task A_file_comes_back_as_it_was(string place)
    {
        var snapshots = new SnapshotSeries(await OpenAsync(place), "some/");
        (await snapshots.FindLatestAsync(static layout => layout == Layout, Stop)).ShouldBeNull();
        var file = NewFile(MoreThanAPart);
        await snapshots.TakeAsync(file, Layout, 42, Now, Stop);

        var found = (await snapshots.FindLatestAsync(static layout => layout == Layout, Stop)).ShouldNotBeNull();
        await snapshots.FetchAsync(found, _folder["back"], Stop);

        (found.Position, found.TakenAt, found.Parts.Count).ShouldBe((42, Now, 2));
        HashOf(_folder["back"]).ShouldBe(HashOf(file));
        (await snapshots.FindLatestAsync(static layout => layout == Layout + 1, Stop)).ShouldBeNull();
    }

    [Theory]
    [InlineData("nats")]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task The_last_ones_are_kept_and_nothing_is_left_of_the_others(string place)
    {
        var objects = await OpenAsync(place);
        var (snapshots, others) = (new SnapshotSeries(objects, "some/"), new SnapshotSeries(objects, "other/"));
        await others.TakeAsync(NewFile(10), Layout, 1, Now, Stop);
        foreach (var position in new[] { 3, 10, 200 })
        {
            await snapshots.TakeAsync(NewFile(10), Layout, position, Now, Stop);
        }

        (await snapshots.KeepLastAsync(2, Stop)).ShouldBe(10);

        (await objects.ListAsync("some/", Stop)).Count.ShouldBe(4, "two descriptions and two parts");
        (await snapshots.FindLatestAsync(static _ => true, Stop))!.Position.ShouldBe(200);
        (await others.FindLatestAsync(static _ => true, Stop))!.Position.ShouldBe(1);
        (await snapshots.KeepLastAsync(2, Stop)).ShouldBe(10);
    }

    [Theory]
    [InlineData("nats")]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task One_that_came_to_no_end_is_none_and_goes_with_the_next(string place)
    {
        var objects = await OpenAsync(place);
        var snapshots = new SnapshotSeries(objects, "some/");
        await snapshots.TakeAsync(NewFile(10), Layout, 1, Now, Stop);
        var dying = new SnapshotSeries(new Failing(objects, static name => name.EndsWith(".json", StringComparison.Ordinal)), "some/");
        await Should.ThrowAsync<OperationCanceledException>(() => dying.TakeAsync(NewFile(10), Layout, 2, Now, Stop));

        (await snapshots.FindLatestAsync(static _ => true, Stop))!.Position.ShouldBe(1);
        await snapshots.KeepLastAsync(1, Stop);
        (await objects.ListAsync("some/", Stop)).Count.ShouldBe(3, "it might be another leader's, who is just taking it");
        await snapshots.TakeAsync(NewFile(10), Layout, 3, Now, Stop);
        await snapshots.KeepLastAsync(1, Stop);
        (await objects.ListAsync("some/", Stop)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("nats")]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task A_part_that_is_missing_or_another_one_is_told(string place)
    {
        var objects = await OpenAsync(place);
        var snapshots = new SnapshotSeries(objects, "some/");
        var snapshot = await snapshots.TakeAsync(NewFile(1000), Layout, 1, Now, Stop);
        var part = (await objects.ListAsync("some/", Stop)).Single(static name => name.EndsWith("000000", StringComparison.Ordinal));
        var content = (await objects.GetAsync(part, Stop))!;

        content[^1] ^= 1;
        await objects.PutAsync(part, content, Stop);
        (await Should.ThrowAsync<IOException>(() => snapshots.FetchAsync(snapshot, _folder["back"], Stop))).Message.ShouldContain("is not as it was written");

        await objects.DeleteAsync(part, Stop);
        await objects.DeleteAsync(part, Stop);
        (await objects.GetAsync(part, Stop)).ShouldBeNull();
        (await Should.ThrowAsync<IOException>(() => snapshots.FetchAsync(snapshot, _folder["back"], Stop))).Message.ShouldContain("any more");
    }

    [Fact]
    public async Task A_part_that_another_leader_deletes_meanwhile_makes_it_none()
    {
        var objects = await OpenAsync("folder");
        var racing = new SnapshotSeries(new Failing(objects, static _ => false) { Losing = true }, "some/");
        (await Should.ThrowAsync<IOException>(() => racing.TakeAsync(NewFile(10), Layout, 2, Now, Stop))).Message.ShouldContain("lost parts");
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_named()
    {
        var nowhere = new SnapshotSeries(new S3Objects(new Uri(s3.NewPlace().Replace("vitrine", "no-such-bucket", StringComparison.Ordinal))), "some/");
        (await Should.ThrowAsync<IOException>(() => nowhere.FindLatestAsync(static _ => true, Stop))).Message.ShouldContain("s3://no-such-bucket/");
    }

    private async Task<ISnapshotObjects> OpenAsync(string place)
    {
        if (place == "folder")
        {
            return new FolderObjects(_folder["shared"], TimeProvider.System);
        }

        if (place == "s3")
        {
            return new S3Objects(new Uri(s3.NewPlace()));
        }

        _cluster = new ClusterConnection(nats.NewCluster());
        await _cluster.OpenAsync(Stop);
        return new NatsObjects(_cluster, TimeProvider.System);
    }

    private string NewFile(int bytes)
    {
        var file = _folder[Guid.NewGuid().ToString("N")];
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(bytes));
        return file;
    }

    private static string HashOf(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>A writer that is killed before it writes some objects, or whose parts another one deletes.</summary>
    private sealed class Failing(ISnapshotObjects objects, Predicate<string> dies) : ISnapshotObjects
    {
        public bool Losing { get; init; }

        public string Place => objects.Place;

        public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
        {
            if (dies(name))
            {
                throw new OperationCanceledException("killed");
            }

            await objects.PutAsync(name, content, cancellation);
            if (Losing && !name.EndsWith(".json", StringComparison.Ordinal))
            {
                await objects.DeleteAsync(name, cancellation);
            }
        }

        public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => objects.GetAsync(name, cancellation);

        public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => objects.ListAsync(prefix, cancellation);

        public Task DeleteAsync(string name, CancellationToken cancellation) => objects.DeleteAsync(name, cancellation);

        public Task CleanAsync(CancellationToken cancellation) => objects.CleanAsync(cancellation);
    }
}
