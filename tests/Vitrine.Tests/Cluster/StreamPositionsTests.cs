using Vitrine.Cluster;

namespace Vitrine.Tests.Cluster;

public sealed class StreamPositionsTests
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(0, 0)]
    [InlineData(1000, 64_000)]
    public void A_message_is_a_block_from_the_first_on(long firstBlock, long first)
    {
        var positions = new StreamPositions(firstBlock);
        positions.FirstOf(1).ShouldBe(first);
        positions.LastOf(1).ShouldBe(first + 63);
        positions.FirstOf(8).ShouldBe(first + (7 * 64));
        positions.LastOf(0).ShouldBe(0, "what was before the first");
        for (var sequence = 1UL; sequence < 5; sequence++)
        {
            positions.SequenceOf(positions.FirstOf(sequence)).ShouldBe(sequence);
            positions.SequenceOf(positions.LastOf(sequence)).ShouldBe(sequence);
            positions.SequenceAfter(positions.LastOf(sequence)).ShouldBe(sequence + 1);
            positions.SequenceAfter(positions.FirstOf(sequence)).ShouldBe(sequence, "there may be more behind its first");
        }

        positions.SequenceAfter(0).ShouldBe(1UL);
        positions.SequenceAfter(Math.Max(0, first - 1)).ShouldBe(1UL);
    }

    [Theory]
    [InlineData(0, "first-block 0")]
    [InlineData(17, "first-block 17 migrating")]
    [InlineData(17, "first-block 17 migrated")]
    public void What_a_stream_says_of_itself_is_read_as_it_was_written(long firstBlock, string text)
    {
        var description = StreamDescription.Read(text);
        description.FirstBlock.ShouldBe(firstBlock);
        description.Moving.ShouldBe(text.EndsWith("ing", StringComparison.Ordinal) ? Moving.Here : text.EndsWith("ed", StringComparison.Ordinal) ? Moving.Away : Moving.No);
        description.ToString().ShouldBe(text);
    }

    [Fact]
    public void A_stream_that_says_nothing_began_empty_and_one_that_says_something_else_is_refused()
    {
        StreamDescription.Read(null).ShouldBe(new StreamDescription(1, Moving.No));
        StreamDescription.Read("").ShouldBe(StreamDescription.Plain);
        foreach (var text in new[] { "our journal", "first-block", "first-block x", "first-block 1 gone", "first-block 1 migrated again" })
        {
            Should.Throw<ClusterException>(() => StreamDescription.Read(text)).Message.ShouldContain(text);
        }
    }
}
