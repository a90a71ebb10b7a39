using System.Text;
using NATS.Client.JetStream;
using Vitrine.Cluster;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

/// <summary>What others, or an interruption, put in the way of the journal's stream.</summary>
[Collection(OnNats.Name)]
public sealed class StreamJournalFaultTests(NatsServers nats)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_who_read_from_the_same_place_each_get_everything()
    {
        await using var node = await JournalNode.JoinAsync(nats.NewCluster());
        await node.AppendAsync("record 1");
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Follow(node.Journal, 30))).ToList();
        for (var count = 2; count <= 30; count++)
        {
            await node.AppendAsync($"record {count}");
        }

        foreach (var read in await Task.WhenAll(readers))
        {
            read.ShouldBe(Enumerable.Range(1, 30).Select(static count => $"record {count}"));
        }
    }

    [Fact]
    public async Task An_acknowledgement_without_a_sequence_is_none()
    {
        await using var node = await JournalNode.JoinAsync(nats.NewCluster());
        var cluster = node.Connection;
        await cluster.JetStream.DeleteStreamAsync(cluster.JournalStream, Cancellation); // In its place the test acknowledges.
        await using var published = await cluster.JetStream.Connection.SubscribeCoreAsync<byte[]>(cluster.JournalSubject("SHOP"), cancellationToken: Cancellation);
        var appending = node.AppendAsync("hello").AsTask();
        var first = await published.Msgs.ReadAsync(Cancellation);
        await first.ReplyAsync($$"""{"stream":"{{cluster.JournalStream}}","seq":0,"duplicate":true}""", cancellationToken: Cancellation);
        var second = await published.Msgs.ReadAsync(Cancellation);
        second.Headers!["Nats-Msg-Id"].ShouldBe(first.Headers!["Nats-Msg-Id"]);
        appending.IsCompleted.ShouldBeFalse();
        await second.ReplyAsync($$"""{"stream":"{{cluster.JournalStream}}","seq":7,"duplicate":true}""", cancellationToken: Cancellation);
        (await appending).ShouldBe(new AppendResult(AppendOutcome.Durable, 7 * 64));
    }

    [Fact]
    public async Task Messages_at_the_front_are_rewritten_again_and_again()
    {
        var options = nats.NewCluster();
        await using var node = await JournalNode.JoinAsync(options);
        await using var other = await JournalNode.JoinAsync(options);
        foreach (var text in new[] { "one of both", "one of both", "a third" })
        {
            await node.AppendAsync(text);
        }

        foreach (var (before, after) in new[] { ("one", "two"), ("two", "six"), ("six", "ten") })
        {
            (await node.Journal.RewriteAsync(node.Journal.Head, Replacing(before, after), static _ => false, Cancellation)).ShouldBe(2);
            await node.Journal.OverwriteRemainsAsync(Cancellation);
            await using var later = await JournalNode.JoinAsync(options);
            foreach (var reader in new[] { node, other, later })
            {
                await reader.Journal.FindHeadAsync(Cancellation);
                reader.Journal.FirstPosition.ShouldBe(1);
                reader.Read(0).ShouldBe([(64, after), (128, after), (192, "a third")]);
            }

            (await RewrittenAsync(node)).ShouldBe(2, "each place has one message");
        }
    }

    [Fact]
    public async Task What_was_left_by_a_writer_who_was_interrupted_goes_with_the_next()
    {
        await using var node = await JournalNode.JoinAsync(nats.NewCluster());
        foreach (var text in new[] { "one", "a second", "a third" })
        {
            await node.AppendAsync(text);
        }

        var (cluster, place) = (node.Connection, node.Connection.RewrittenSubject(1));
        (await cluster.JetStream.PublishAsync(place, "unfinished"u8.ToArray(), cancellationToken: Cancellation)).EnsureSuccess(); // And the message is still there.
        node.Read(0)[0].Text.ShouldBe("one");
        (await node.Journal.RewriteAsync(node.Journal.Head, Replacing("one", "two"), static _ => false, Cancellation)).ShouldBe(1);
        (await RewrittenAsync(node)).ShouldBe(1);

        var written = (await cluster.GetLastMessageAsync(cluster.RewrittenStream, place, Cancellation))!.Value.Data;
        (await cluster.JetStream.PublishAsync(place, written, cancellationToken: Cancellation)).EnsureSuccess(); // And the one before is still there.
        (await RewrittenAsync(node)).ShouldBe(2);
        await node.Journal.OverwriteRemainsAsync(Cancellation);
        (await RewrittenAsync(node)).ShouldBe(1);
        node.Read(0).Select(static record => record.Text).ShouldBe(["two", "a second", "a third"]);
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_told_to_whoever_comes_to_it()
    {
        var options = nats.NewCluster();
        await using var node = await JournalNode.JoinAsync(options);
        await using var other = await JournalNode.JoinAsync(options);
        var first = (await node.AppendAsync("first")).Position;
        (await node.Connection.JetStream.PublishAsync(node.Connection.JournalSubject("SHOP"), new byte[] { 9, 0, 0, 0 }, cancellationToken: Cancellation)).EnsureSuccess();
        await node.AppendAsync("third");
        await other.Journal.FindHeadAsync(Cancellation);
        foreach (var journal in new[] { node.Journal, other.Journal })
        {
            var position = journal.ReadAfter(0)!.LastPosition;
            position.ShouldBe(first + 63);
            for (var attempt = 0; attempt < 2; attempt++)
            {
                Should.Throw<InvalidDataException>(() => journal.ReadAfter(position)).Message.ShouldContain("The message 2");
                Should.Throw<InvalidDataException>(() => journal.WaitBeyond(position, Cancellation)).Message.ShouldContain("The message 2");
            }
        }
    }

    private static List<string> Follow(StreamJournal journal, int count)
    {
        var read = new List<string>();
        for (var position = 0L; read.Count < count && journal.WaitBeyond(position, Cancellation);)
        {
            if (journal.ReadAfter(position) is { } group)
            {
                position = group.LastPosition;
                for (var records = group.Records; records.MoveNext();)
                {
                    read.Add(Encoding.UTF8.GetString(records.Record));
                }
            }
        }

        return read;
    }

    private static RecordRewriting Replacing(string before, string after) => (_, record, replacement) =>
    {
        var isMeant = record.StartsWith(Encoding.UTF8.GetBytes(before));
        if (isMeant)
        {
            replacement.WriteRaw(Encoding.UTF8.GetBytes(after));
        }

        return isMeant;
    };

    private static async Task<long> RewrittenAsync(JournalNode node) =>
        (await node.Connection.JetStream.GetStreamAsync(node.Connection.RewrittenStream, cancellationToken: Cancellation)).Info.State.Messages;
}
