using System.Text;
using Vitrine.Projection;
using Vitrine.Tests.Support;
using static Vitrine.Tests.Privacy.Erasing;

namespace Vitrine.Tests.Cluster;

/// <summary>Whole nodes, of which one is not there all the time.</summary>
[Collection(OnNats.Name)]
public sealed class LateNodeTests(NatsServers nats)
{
    [Fact]
    public async Task A_node_that_was_away_when_a_customer_was_erased_forgets_him_when_it_is_back()
    {
        var options = nats.NewCluster();
        using var folder = new TemporaryFolder();
        await using var leader = await StartAsync(null);
        await Eventually.BeTrueAsync(() => Task.FromResult(leader.Service<Leadership>().IsLeader));
        Shop shop;
        await using (var node = await StartAsync(folder.Path))
        {
            shop = await FilledAsync(leader);
            await node.ProjectedAsync();
        }

        leader.Time.Advance(TimeSpan.FromMinutes(1)); // What was received before an erasure goes with it.
        var id = await EraseAsync(shop, Gone);
        await ErasedAsync(shop, id); // Now nothing in the journal says any more who it was.
        Journaled(leader).ShouldNotContain(Gone);
        leader.Time.Advance(TimeSpan.FromHours(1));
        await using var back = await StartAsync(folder.Path);
        await Eventually.BeTrueAsync(async () => (await shop.On(back).GetCustomerAsync(Gone)).Status == 404);
        (await BooksAsync(shop.On(back))).ShouldBe(await BooksAsync(shop));
        (await shop.On(back).EventsAsync()).ShouldAllBe(static one => (string?)one["customer_id"] == Stays);
        await Eventually.BeTrueAsync(() => Task.FromResult(Holding(back, Gone, Secret).Count == 0));
        await Eventually.BeTrueAsync(() => Task.FromResult(!Journaled(leader).Contains(Gone, StringComparison.Ordinal))); // It named him once more.
        await Eventually.BeTrueAsync(() => Task.FromResult(Holding(leader, Gone, Secret).Count == 0));
        await ErasedAsync(shop, id);

        Task<TestServer> StartAsync(string? path) => TestServer.StartAsync(path, settings => settings with { Cluster = options });
    }

    /// <summary>All that stands in the journal, as text.</summary>
    private static string Journaled(TestServer server)
    {
        var text = new StringBuilder();
        for (var position = 0L; server.Journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            text.Append(Encoding.Latin1.GetString(group.Payload.Span));
        }

        return text.ToString();
    }
}
