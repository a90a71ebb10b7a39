using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class BatchSizeTests
{
    private const int Requests = 100;

    /// <summary>A hundred events of 1 MB are far fewer than a batch may hold, and far more bytes.</summary>
    [Fact]
    public async Task Few_large_events_end_a_batch_as_many_small_ones_do()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            var shop = server.OpenShop();
            server.Service<Projector>().Stop();
            foreach (var number in Enumerable.Range(0, Requests))
            {
                var attributes = Enumerable.Range(0, 20).Select(name => $"\"n{name}\":\"{new string((char)('a' + (number % 26)), 50_000)}\"");
                (await shop.PostAsync(Bodies.One(element => element["user_attributes"] = Bodies.Json($"{{{string.Join(',', attributes)}}}")))).ShouldBeAccepted();
            }
        }

        await using var journal = new SqliteJournal(
            Path.Combine(folder.Path, "journal.db"), new JournalOptions(), TimeProvider.System, new JournalMetrics(Prometheus.Metrics.NewCustomRegistry()));
        using var writer = new ProjectionWriter(
            folder["other.duckdb"], new ProjectionOptions { MemoryLimitBytes = 512 << 20 }, new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry()));
        writer.ProjectBatch(journal, new ProjectionOptions().BatchEvents);
        writer.Position.ShouldBeInRange(60, Requests - 1);
        writer.ProjectBatch(journal, new ProjectionOptions().BatchEvents);
        writer.Position.ShouldBe(Requests);
    }
}
