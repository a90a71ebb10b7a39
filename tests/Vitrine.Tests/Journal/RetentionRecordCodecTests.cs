using CsCheck;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class RetentionRecordCodecTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 0, 30];

    private static readonly Gen<HourlyConversions> Conversions = Gen.Select(
        Gen.Long[0, 4_000_000_000],
        Text.Array[5],
        Gen.Int[0, 4],
        Text.Null(),
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000], Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Int[0, 3]),
        static (time, texts, platform, target, numbers) => new HourlyConversions(
            new HourlyPlace(time, texts[0], texts[1], texts[2], texts[3], (Platform)platform, target),
            (byte)(platform % 3),
            texts[4],
            numbers.Item1,
            numbers.Item2,
            numbers.Item4 == 0 ? null : new HourlyRevenue(numbers.Item4 == 1 ? null : texts[0], numbers.Item3 / 1_000_000m, numbers.Item1)));

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.Long[0, 4_000_000_000_000], Text, Gen.Long[0, 4_000_000_000], Gen.Int[0, 3599], Conversions.Array[0, 5]).Sample(
        static (receivedAt, environment, until, offset, conversions) =>
        {
            var written = new RetentionRecord(receivedAt, environment, until, receivedAt / 7, offset, conversions);
            var record = new ByteWriter();
            RetentionRecordCodec.Write(written, record);
            var read = RetentionRecordCodec.Read(record.Written);
            (read with { Conversions = written.Conversions }).ShouldBe(written);
            read.Conversions.ShouldBe(written.Conversions);
        },
        iter: 500);

    [Fact]
    public void What_is_no_such_record_is_said_to_be_none()
    {
        var record = new ByteWriter();
        RetentionRecordCodec.Write(new RetentionRecord(1, "SHOP", 2, 3, 0, []), record);
        var bytes = record.Written.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => RetentionRecordCodec.Read(bytes.AsSpan(0, length)));
        }

        bytes[1] = 9;
        Should.Throw<InvalidDataException>(() => RetentionRecordCodec.Read(bytes)).Message.ShouldContain("version 9");
    }
}
