using System.Security.Cryptography;
using System.Text;
using Vitrine.Journal;
using Vitrine.Tests.Support;
using Node = Vitrine.Tests.Cluster.JournalNode;

namespace Vitrine.Tests.Cluster;

[Collection(OnNats.Name)]
public sealed class StreamJournalTests(NatsServers nats)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Records_are_read_back_in_order_also_after_a_restart()
    {
        var options = nats.NewCluster();
        await using (var node = await Node.JoinAsync(options))
        {
            (node.Journal.FirstPosition, node.Journal.Head).ShouldBe((1, 0));
            node.Journal.ReadAfter(0).ShouldBeNull();
            for (var count = 1; count <= 20; count++)
            {
                (await node.AppendAsync($"record {count}")).ShouldBe(new AppendResult(AppendOutcome.Durable, 64 * count));
            }

            node.Read(0).ShouldBe(Enumerable.Range(1, 20).Select(static count => (64L * count, $"record {count}")));
        }

        await using var again = await Node.JoinAsync(options);
        (again.Journal.FirstPosition, again.Journal.Head).ShouldBe((1, (20 * 64) + 63));
        (await again.AppendAsync("record 21")).Position.ShouldBe(21 * 64);
        again.Read(0).Select(static one => one.Text).ShouldBe(Enumerable.Range(1, 21).Select(static count => $"record {count}"));
    }

    [Fact]
    public async Task What_one_node_appends_another_one_that_waits_reads()
    {
        var options = nats.NewCluster();
        await using var one = await Node.JoinAsync(options);
        await using var other = await Node.JoinAsync(options);
        var waiting = Task.Run(() => other.Journal.WaitBeyond(0, TestContext.Current.CancellationToken));
        var first = (await one.AppendAsync("hello")).Position;
        (await waiting.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeTrue();
        other.Read(0).ShouldBe([(first, "hello")]);
        var second = (await other.AppendAsync("and back")).Position;
        (await one.Journal.FindHeadAsync(TestContext.Current.CancellationToken)).ShouldBe(second + 63);
        one.Read(first).ShouldBe([(second, "and back")]);
        one.Journal.Find(first).ShouldBe(Encoding.UTF8.GetBytes("hello"));
        one.Journal.Find(first + 1).ShouldBeNull();
    }

    [Fact]
    public async Task Many_appenders_of_several_nodes_share_groups_and_each_has_its_own_order()
    {
        var options = nats.NewCluster();
        await using var one = await Node.JoinAsync(options);
        await using var other = await Node.JoinAsync(options);
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(appender => Task.Run(async () =>
        {
            var mine = new List<(long Position, string Text)>();
            for (var count = 0; count < 20; count++)
            {
                var text = $"{appender}/{count}";
                mine.Add(((await (appender % 2 == 0 ? one : other).AppendAsync(text, appender % 3 == 0 ? "SHOP_DEBUG" : "SHOP")).Position, text));
            }

            mine.Select(static answer => answer.Position).ShouldBeInOrder();
            return mine;
        })));
        await one.Journal.FindHeadAsync(TestContext.Current.CancellationToken);
        var read = one.Read(0);
        read.ShouldBe(results.SelectMany(static mine => mine).OrderBy(static answer => answer.Position));
        read.Select(static record => record.Position / 64).Distinct().Count().ShouldBeLessThan(read.Count, "some share a message");
    }

    [Fact]
    public async Task Reading_begins_anywhere()
    {
        await using var node = await Node.JoinAsync(nats.NewCluster());
        var positions = new List<long>();
        for (var round = 0; round < 10; round++)
        {
            positions.AddRange((await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => node.AppendAsync("record").AsTask()))).Select(static one => one.Position));
        }

        positions.Sort();
        foreach (var position in positions)
        {
            node.Read(position - 1).Select(static one => one.Position).ShouldBe(positions.Where(one => one >= position));
        }

        node.Journal.ReadAfter(node.Journal.Head).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_larger_than_a_message_is_compressed_or_refused()
    {
        await using var node = await Node.JoinAsync(nats.NewCluster());
        var large = new string('x', 3 << 20);
        var position = (await node.AppendAsync(large)).Position;
        node.Read(position - 1).ShouldBe([(position, large)]);
        var noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(2 << 20));
        (await node.AppendAsync(noise)).Outcome.ShouldBe(AppendOutcome.Unwritable);
        node.Journal.Health.Writable.ShouldBeTrue();
        (await node.AppendAsync("small")).Outcome.ShouldBe(AppendOutcome.Durable);
    }

    [Fact]
    public async Task Old_messages_go_by_age_and_by_size()
    {
        var options = nats.NewCluster();
        await using var node = await Node.JoinAsync(options, new JournalOptions { RetentionBytes = 1 << 20 });
        for (var count = 0; count < 30; count++)
        {
            await node.AppendAsync(new string('x', 100_000));
        }

        var expired = await node.Journal.FindExpiredAsync(TestContext.Current.CancellationToken);
        expired.ShouldBeInRange((18 * 64) + 63, (22 * 64) + 63);
        (await node.Journal.TrimAsync(expired)).ShouldBe(expired + 1);
        node.Read(0).Count.ShouldBe(30 - (int)(expired / 64));
        node.Time.Advance(TimeSpan.FromHours(2));
        await using var aging = await Node.JoinAsync(options, new JournalOptions { RetentionAge = TimeSpan.FromHours(1) });
        (await aging.Journal.FindExpiredAsync(TestContext.Current.CancellationToken)).ShouldBeLessThan(aging.Journal.FirstPosition);
    }

    [Fact]
    public async Task Records_are_replaced_in_their_places_for_all_nodes()
    {
        var options = nats.NewCluster();
        await using var one = await Node.JoinAsync(options);
        await using var other = await Node.JoinAsync(options);
        for (var count = 1; count <= 10; count++)
        {
            await one.AppendAsync(count is 1 or 2 or 5 or 10 ? $"secret {count}" : $"record {count}");
        }

        await other.Journal.FindHeadAsync(TestContext.Current.CancellationToken);
        var before = other.Read(0);
        for (var pass = 0; pass < 2; pass++) // The second finds its places taken by the first.
        {
            var changed = await one.Journal.RewriteAsync(one.Journal.Head, Erase, static _ => false, TestContext.Current.CancellationToken);
            changed.ShouldBe(pass == 0 ? 4 : 0);
            await one.Journal.OverwriteRemainsAsync(TestContext.Current.CancellationToken);
        }

        await one.AppendAsync("record 11");
        await using var later = await Node.JoinAsync(options);
        foreach (var node in new[] { one, other, later })
        {
            await node.Journal.FindHeadAsync(TestContext.Current.CancellationToken);
            node.Journal.FirstPosition.ShouldBe(1);
            node.Read(0)[..10].Select(static record => record.Position).ShouldBe(before.Select(static record => record.Position));
            node.Read(0).Select(static record => record.Text).ShouldBe(Enumerable.Range(1, 11).Select(static count => count is 1 or 2 or 5 or 10 ? "erased" : $"record {count}"));
            Encoding.UTF8.GetString(node.Journal.Find(before[4].Position)!).ShouldBe("erased");
        }

        static bool Erase(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
        {
            if (!record.StartsWith("secret"u8))
            {
                return false;
            }

            replacement.WriteRaw("erased"u8);
            return true;
        }
    }
}
