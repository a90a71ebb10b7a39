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
                Should.Throw<JournalDamagedException>(() => Walk(group with { Payload = payload })).Position.ShouldBeInRange(7, 9);
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
