using System.Text;
using Vitrine.Events;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Events;

public sealed class DecoderAllocationTests
{
    private const long Now = 1_764_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void From_a_body_to_the_record_nothing_is_allocated_once_the_buffers_have_grown(int events)
    {
        var bodies = Enumerable.Range(0, 8).Select(_ => Body(events)).ToArray();
        var record = new ByteWriter();
        for (var warmUp = 0; warmUp < 200; warmUp++)
        {
            DecodeAll(bodies, record);
        }

        // Tests beside this one share the pool of decoders, and may have emptied it: the quietest of some measurements counts.
        var allocated = Enumerable.Range(0, 10).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 10; round++)
            {
                DecodeAll(bodies, record);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        ((double)allocated / (10 * bodies.Length * events)).ShouldBeLessThan(1, "bytes an event");
    }

    private static void DecodeAll(byte[][] bodies, ByteWriter record)
    {
        foreach (var body in bodies)
        {
            var decoder = EventsDecoder.Rent();
            decoder.Source.WriteRaw(body);
            if (decoder.Decode(Now, lenient: false) != RejectionReason.None)
            {
                throw new InvalidOperationException(decoder.Errors[0].Reason);
            }

            record.Clear();
            decoder.WriteRecord("SHOP"u8, record);
            decoder.Return();
        }
    }

    private static byte[] Body(int events)
    {
        var actions = Enumerable.Range(0, events).Select(static index => $$$"""
            {"action":"MOE_PERSONALIZATION_MESSAGE_{{{(index % 10 == 0 ? "CLICKED" : "SHOWN")}}}","moe_event_uuid":"{{{Guid.NewGuid()}}}","event_time":1763999000,
            "platform":"web","attributes":{"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_{{{index % 4}}}_P_0_AU_5A","experience":"Hero","moe_locale_id":"0",
            "moe_variation_id":"{{{index % 4}}}","audience_name":"All Users","audience_id":"5A","type":"Web Personalization"}}
            """);
        return Encoding.UTF8.GetBytes(
            $$"""{"elements":[{"customer_id":"customer-1","user_timezone_offset":19800,"actions":[{{string.Join(',', actions)}}]}]}""");
    }
}
