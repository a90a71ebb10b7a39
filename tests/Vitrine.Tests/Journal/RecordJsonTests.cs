using System.Buffers;
using System.Text;
using System.Text.Json;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class RecordJsonTests
{
    [Fact]
    public void Delivered_counts_are_written_with_their_hour_as_a_time()
    {
        var record = new ByteWriter();
        DeliveredCountsCodec.Write(new DeliveredCounts(1_767_225_600_123, "SHOP", [new DeliveredCount("ab", "Größe", 3, "5A", "Everyone", "2", 490_896, 7)]), record);
        Write(7, record.Written).ShouldBe(
            $$"""{"position":7,"req_id":"{{RequestId.Of(7)}}","bytes":{{record.Length}},"received_at":"2026-01-01T00:00:00.123+00:00","environment":"SHOP","delivered":[{"experience_id":"ab","experience":"Größe","version":3,"audience_id":"5A","audience_name":"Everyone","moe_variation_id":"2","hour":"2026-01-01T00:00:00+00:00","count":7}]}""");
    }

    [Fact]
    public void A_request_is_written_with_its_events()
    {
        var record = new ByteWriter();
        ExperienceRequestCodec.Write(new ExperienceRequest { ReceivedAt = 1_767_225_600_123, Refusal = RejectionReason.EmptyBody }, [], "SHOP"u8, record);
        Write(7, record.Written).ShouldEndWith("""
            "received_at":"2026-01-01T00:00:00.123+00:00","environment":"SHOP","refusal":"empty_body","received_events":0,"events":[],"rejections":[]}
            """);
    }

    [Fact]
    public void A_record_of_an_unknown_kind_is_refused() =>
        Should.Throw<InvalidDataException>(() => Write(7, [200, 1])).Message.ShouldContain("kind 200, version 1");

    [Fact]
    public void Attributes_that_were_set_are_shown_on_one_line() => Write(new CustomerRecord(1_000, "SHOP"u8, "ann"u8, "{\"a\":\r\n[1]}"u8))
        .ShouldEndWith("""
            "received_at":"1970-01-01T00:00:01+00:00","environment":"SHOP","customer_id":"ann","removed":false,"attributes":{"a":  [1]}}
            """);

    [Fact]
    public void A_removal_is_shown() => Write(new CustomerRecord(1_000, "SHOP"u8, "ann"u8, default)).ShouldEndWith("""
        "customer_id":"ann","removed":true}
        """);

    [Fact]
    public void An_empty_record_is_refused() => Should.Throw<InvalidDataException>(() => Write(7, []));

    private static string Write(in CustomerRecord change)
    {
        var record = new ByteWriter();
        CustomerRecordCodec.Write(in change, record);
        return Write(7, record.Written);
    }

    private static string Write(long position, ReadOnlySpan<byte> record)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(target, RecordJson.Options))
        {
            RecordJson.Write(writer, position, record);
        }

        return Encoding.UTF8.GetString(target.WrittenSpan);
    }
}
