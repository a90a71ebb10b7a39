using System.Text;
using Vitrine.Events;
using Vitrine.Journal;

namespace Vitrine.Tests.Events;

/// <summary>A refused request takes about as much room in the journal as it took on the wire.</summary>
public sealed class RefusalSizeTests
{
    [Fact]
    public void Ten_thousand_empty_events_are_not_explained_ten_thousand_times()
    {
        var actions = string.Join(',', Enumerable.Repeat("{}", 100));
        var element = $$"""{"customer_id":"ada","actions":[{{actions}}]}""";
        var body = $$"""{"elements":[{{string.Join(',', Enumerable.Repeat(element, 100))}}]}""";

        RecordOf(body).ShouldBeLessThan(2 * body.Length);
    }

    [Fact]
    public void A_long_name_is_not_repeated_for_each_event_of_its_element()
    {
        var actions = string.Join(',', Enumerable.Repeat("{}", 100));
        var body = """{"elements":[{"customer_id":"ada","user_attributes":{"NAME":{}},"actions":[ACTIONS]}]}"""
            .Replace("NAME", new string('a', 100_000), StringComparison.Ordinal)
            .Replace("ACTIONS", actions, StringComparison.Ordinal);

        RecordOf(body).ShouldBeLessThan(10_000);
    }

    private static int RecordOf(string body)
    {
        var decoder = EventsDecoder.Rent();
        decoder.Source.WriteRaw(Encoding.UTF8.GetBytes(body));
        decoder.Decode(1_700_000_000_000, lenient: false).ShouldNotBe(Vitrine.Journal.Records.RejectionReason.None);
        var record = new ByteWriter();
        decoder.WriteRecord("SHOP"u8, record);
        decoder.Return();
        return record.Length;
    }
}
