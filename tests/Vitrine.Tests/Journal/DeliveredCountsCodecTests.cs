using CsCheck;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class DeliveredCountsCodecTests
{
    private const long Received = 1_767_225_600_123; // 2026-01-01T00:00:00.123Z, hour 490,896.

    private static readonly Gen<string> Texts = Gen.String[0, 12].Select(static text => new string([.. text.Where(static one => !char.IsSurrogate(one))]));

    private static readonly Gen<DeliveredCounts> Any = Gen.Select(
        Gen.Long[0, 250_000_000_000_000],
        Texts,
        Gen.Select(Texts, Texts, Gen.Int[1, 1000], Texts, Texts, Texts, Gen.Long[0, 70_380_767], Gen.Long[1, 1L << 40])
            .Select(static (id, name, version, audience, audienceName, variation, hour, delivered) =>
                new DeliveredCount(id, name, version, audience, audienceName, variation, hour, delivered)).Array[0, 20])
        .Select(static (receivedAt, environment, counts) => new DeliveredCounts(receivedAt, environment, counts));

    [Fact]
    public void What_is_written_is_read_back() => Any.Sample(static counts =>
    {
        var read = DeliveredCountsCodec.Read(Encode(counts));
        (read.ReceivedAt, read.Environment).ShouldBe((counts.ReceivedAt, counts.Environment));
        read.Counts.ShouldBe(counts.Counts);
    });

    /// <summary>Put together by hand from docs/journal-format.md.</summary>
    [Fact]
    public void The_bytes_are_those_of_the_document() => Encode(new DeliveredCounts(Received, "SHOP", [
        new DeliveredCount("ab", "Hero", 3, "5A", "Hero", "2", 490_896, 300),
        new DeliveredCount("ab", "Hero", 3, "5A", "Hero", "1", 490_895, 1),
    ])).ShouldBe([
        2, 1,
        0xFB, 0xD0, 0xEA, 0xB6, 0xB7, 0x33,
        4, (byte)'S', (byte)'H', (byte)'O', (byte)'P',
        5, 2, (byte)'a', (byte)'b', 4, (byte)'H', (byte)'e', (byte)'r', (byte)'o', 2, (byte)'5', (byte)'A', 1, (byte)'2', 1, (byte)'1',
        2,
        0, 1, 2, 1, 3, 3, 0, 0xAC, 0x02,
        0, 1, 2, 1, 4, 3, 1, 1,
    ]);

    [Fact]
    public void A_record_cut_short_or_longer_than_it_should_be_is_refused() => Any.Sample(
        static counts =>
        {
            var record = Encode(counts);
            for (var length = 0; length < record.Length; length++)
            {
                Should.Throw<InvalidDataException>(() => DeliveredCountsCodec.Read(record.AsSpan(0, length)));
            }

            Should.Throw<InvalidDataException>(() => DeliveredCountsCodec.Read([.. record, 0]));
        },
        iter: 20);

    [Fact]
    public void A_record_of_random_changes_is_read_or_refused_and_nothing_worse() => Gen.Select(Any, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
        static (counts, place, value) =>
        {
            var record = Encode(counts);
            record[place % record.Length] = value;
            try
            {
                DeliveredCountsCodec.Read(record);
            }
            catch (InvalidDataException)
            {
            }
        },
        iter: 2000);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Another_kind_or_version_is_refused(int place, byte value)
    {
        var record = Encode(new DeliveredCounts(Received, "SHOP", []));
        record[place] = value;
        Should.Throw<InvalidDataException>(() => DeliveredCountsCodec.Read(record)).Message.ShouldContain("not known to this version");
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(70_380_768, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(0, (1L << 40) + 1)]
    [InlineData(0, -1)]
    public void An_hour_or_a_count_that_cannot_be_is_refused(long hour, long delivered) =>
        Should.Throw<InvalidDataException>(() => DeliveredCountsCodec.Read(Encode(new DeliveredCounts(Received, "SHOP", [new DeliveredCount("a", "a", 1, "a", "a", "a", hour, delivered)]))));

    [Fact]
    public void A_text_costs_its_bytes_once()
    {
        var counts = Enumerable.Range(0, 60).Select(static number =>
            new DeliveredCount("66d55ae445921e4d35ae4368", "Hero banner", 1, "5A", "Everyone", $"{number}", 490_896, 1)).ToList();
        Encode(new DeliveredCounts(Received, "SHOP", counts)).Length.ShouldBeLessThan(60 * 12);
    }

    private static byte[] Encode(DeliveredCounts counts)
    {
        var target = new ByteWriter();
        DeliveredCountsCodec.Write(counts, target);
        return target.Written.ToArray();
    }
}
