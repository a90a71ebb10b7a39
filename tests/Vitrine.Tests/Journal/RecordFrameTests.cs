using CsCheck;
using Vitrine.Journal;

namespace Vitrine.Tests.Journal;

public sealed class RecordFrameTests
{
    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var group = Group(7, MadeRequest.Any.Array[3].Single());
        var payload = group.Payload.ToArray();
        Walk(group).ShouldBe([7, 8, 9]);
        for (var place = 0; place < payload.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                payload[place] ^= (byte)(1 << bit);
                var damage = Should.Throw<JournalDamagedException>(() => Walk(group with { Payload = payload }));
                damage.Position.ShouldBeInRange(7, 9);
                var (read, damaged) = WalkAround(group with { Payload = payload });
                damaged.ShouldHaveSingleItem().ShouldBe((damage.Position, damage.Position));
                read.ShouldBe([.. new long[] { 7, 8, 9 }.Except([damage.Position])], "the others are read");
                payload[place] ^= (byte)(1 << bit);
            }
        }
    }

    [Fact]
    public void A_sound_record_at_a_wrong_position_is_found()
    {
        var group = Group(7, MadeRequest.Any.Array[2].Single());
        Should.Throw<JournalDamagedException>(() => Walk(group with { FirstPosition = 8 })).Position.ShouldBe(8);
    }

    [Fact]
    public void A_group_that_is_too_short_or_too_long_is_found()
    {
        var group = Group(1, MadeRequest.Any.Array[2].Single());
        for (var length = 0; length < group.Payload.Length; length++)
        {
            Should.Throw<JournalDamagedException>(() => Walk(group with { Payload = group.Payload[..length] }));
        }

        Should.Throw<JournalDamagedException>(() => Walk(group with { Count = 1 }));
        Should.Throw<JournalDamagedException>(() => Walk(group with { Count = 3 }));
    }

    [Fact]
    public void What_lies_behind_a_long_stretch_of_damage_is_read()
    {
        var group = Group(1, MadeRequest.Any.Array[6].Single());
        var payload = group.Payload.ToArray();
        var lengths = Lengths(group);
        payload.AsSpan(lengths[0] + 2, lengths[1] + lengths[2]).Clear(); // From inside the second record into the fourth.
        var (read, damaged) = WalkAround(group with { Payload = payload });
        read.ShouldBe([1, 5, 6]);
        damaged.ShouldBe([(2, 4)]);
    }

    [Fact]
    public void A_group_without_its_payload_is_damaged_as_a_whole()
    {
        var (read, damaged) = WalkAround(new JournalGroup(5, 3, ReadOnlyMemory<byte>.Empty));
        read.ShouldBeEmpty();
        damaged.ShouldBe([(5, 7)]);
    }

    private static JournalGroup Group(long first, MadeRequest[] requests)
    {
        var payload = new List<byte>();
        for (var index = 0; index < requests.Length; index++)
        {
            var record = requests[index].Encode();
            var frame = new byte[RecordFrame.HeaderLength + record.Length];
            RecordFrame.Write(frame, first + index, record).ShouldBe(frame.Length);
            payload.AddRange(frame);
        }

        return new JournalGroup(first, requests.Length, payload.ToArray());
    }

    private static List<int> Lengths(JournalGroup group)
    {
        var lengths = new List<int>();
        var records = group.Records;
        while (records.MoveNext())
        {
            lengths.Add(RecordFrame.HeaderLength + records.Record.Length);
        }

        return lengths;
    }

    private static (List<long> Read, List<(long First, long Last)> Damaged) WalkAround(JournalGroup group)
    {
        var (read, damaged) = (new List<long>(), new List<(long, long)>());
        var records = group.Records;
        for (var more = true; more;)
        {
            try
            {
                more = records.MoveNext();
                if (more)
                {
                    read.Add(records.Position);
                }
            }
            catch (JournalDamagedException damage)
            {
                damaged.Add((damage.Position, damage.LastPosition));
            }
        }

        return (read, damaged);
    }

    private static List<long> Walk(JournalGroup group)
    {
        var positions = new List<long>();
        var records = group.Records;
        while (records.MoveNext())
        {
            positions.Add(records.Position);
        }

        return positions;
    }
}
