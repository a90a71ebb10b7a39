using System.Text;
using CsCheck;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class CustomerRecordCodecTests
{
    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.String, Gen.String, Gen.String).Sample(
        static (receivedAt, environment, customer, attributes) =>
        {
            var (environmentId, customerId, json) = (Encoding.UTF8.GetBytes(environment), Encoding.UTF8.GetBytes(customer), Encoding.UTF8.GetBytes(attributes));
            var record = Encode(new CustomerRecord(receivedAt, environmentId, customerId, json));
            var read = CustomerRecordCodec.Read(record);
            read.ReceivedAt.ShouldBe(receivedAt);
            read.Environment.SequenceEqual(environmentId).ShouldBeTrue();
            read.CustomerId.SequenceEqual(customerId).ShouldBeTrue();
            read.Attributes.SequenceEqual(json).ShouldBeTrue();
            read.IsRemoval.ShouldBe(json.Length == 0);
        },
        iter: 1000);

    [Fact]
    public void The_layout_is_as_documented()
    {
        Encode(new CustomerRecord(300, "SHOP"u8, "ann"u8, "{}"u8)).ShouldBe((byte[])[3, 1, 0xAC, 2, 4, .. "SHOP"u8, 3, .. "ann"u8, 2, .. "{}"u8]);
        Encode(new CustomerRecord(300, "SHOP"u8, "ann"u8, default)).ShouldBe((byte[])[4, 1, 0xAC, 2, 4, .. "SHOP"u8, 3, .. "ann"u8]);
    }

    [Fact]
    public void A_record_cut_short_is_refused()
    {
        foreach (var record in new[] { Encode(new CustomerRecord(300, "SHOP"u8, "ann"u8, "{}"u8)), Encode(new CustomerRecord(300, "SHOP"u8, "ann"u8, default)) })
        {
            for (var length = 0; length < record.Length; length++)
            {
                ShouldRefuse(record[..length]);
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 5)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Another_kind_or_version_is_refused(int place, byte value)
    {
        var record = Encode(new CustomerRecord(300, "SHOP"u8, "ann"u8, "{}"u8));
        record[place] = value;
        ShouldRefuse(record);
    }

    [Fact]
    public void Attributes_without_a_byte_are_no_removal_but_refused() => ShouldRefuse([3, 1, 0xAC, 2, 4, .. "SHOP"u8, 3, .. "ann"u8, 0]);

    private static byte[] Encode(in CustomerRecord change)
    {
        var target = new ByteWriter();
        CustomerRecordCodec.Write(in change, target);
        return target.Written.ToArray();
    }

    private static void ShouldRefuse(byte[] record) => Should.Throw<InvalidDataException>(() => { CustomerRecordCodec.Read(record); });
}
