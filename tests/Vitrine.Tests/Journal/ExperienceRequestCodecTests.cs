using CsCheck;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class ExperienceRequestCodecTests
{
    [Fact]
    public void What_is_written_is_read_back() => MadeRequest.Any.Sample(
        static made =>
        {
            var record = made.Encode();
            var read = new ExperienceRequest();
            ExperienceRequestCodec.Read(record, read);
            MadeRequest.Describe(read, record).ShouldBe(MadeRequest.Describe(made.Request, made.Source));
            System.Text.Encoding.UTF8.GetString(read.Environment.Of(record)).ShouldBe("SHOP");
        },
        iter: 2000);

    [Fact]
    public void A_record_cut_short_is_refused_and_nothing_worse() => MadeRequest.Any.Sample(
        static made =>
        {
            var record = made.Encode();
            for (var length = 0; length < record.Length; length++)
            {
                Should.Throw<InvalidDataException>(() => ExperienceRequestCodec.Read(record.AsSpan(0, length), new ExperienceRequest()));
            }
        },
        iter: 20);

    [Fact]
    public void A_record_of_random_changes_is_read_or_refused_and_nothing_worse() => Gen.Select(MadeRequest.Any, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
        static (made, place, value) =>
        {
            var record = made.Encode();
            record[place % record.Length] = value;
            try
            {
                ExperienceRequestCodec.Read(record, new ExperienceRequest());
            }
            catch (InvalidDataException)
            {
            }
        },
        iter: 2000);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(1, 255)]
    public void Another_kind_or_version_is_refused(int place, byte value)
    {
        var record = MadeRequest.Any.Single().Encode();
        record[place] = value;
        Should.Throw<InvalidDataException>(() => ExperienceRequestCodec.Read(record, new ExperienceRequest()));
    }
}
