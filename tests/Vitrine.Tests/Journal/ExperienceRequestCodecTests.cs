using CsCheck;
using Vitrine.Journal;
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
    [InlineData(1, 3)]
    [InlineData(1, 255)]
    public void Another_kind_or_version_is_refused(int place, byte value)
    {
        var record = MadeRequest.Any.Single().Encode();
        record[place] = value;
        Should.Throw<InvalidDataException>(() => ExperienceRequestCodec.Read(record, new ExperienceRequest()));
    }

    [Theory]
    [InlineData(1, Platform.Web)]
    [InlineData(9, Platform.Web)]
    [InlineData(0, (Platform)5)]
    [InlineData(0, (Platform)255)]
    public void An_event_of_a_context_or_a_platform_that_is_not_there_is_refused(int context, Platform platform)
    {
        var request = new ExperienceRequest();
        request.Contexts.Add(default);
        request.Elements.Add(new RequestElement(0, default, null, default, 0, 1));
        request.Events.Add(new ExperienceEvent(0, 1, EventAction.Click, platform, 0, context, default, default));
        Should.Throw<InvalidDataException>(() => ExperienceRequestCodec.Read(new MadeRequest(request, []).Encode(), new ExperienceRequest()));
    }

    [Fact]
    public void A_record_of_version_1_is_still_read()
    {
        var uuid = new UInt128(0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210);
        var record = new ByteWriter();
        record.WriteRaw([1, 1]);
        record.WriteVarint(1_764_000_000_000);
        record.WriteText("SHOP"u8);
        record.WriteRaw([0, 3, 1, 0]); // Not refused, three events received, one context without a type.
        foreach (var text in (string[])["cid", "experience", "locale", "variation", "audience name", "audience id"])
        {
            record.WriteText(System.Text.Encoding.UTF8.GetBytes(text));
        }

        record.WriteRaw([2]);
        record.WriteRaw([0, 1]); // The first element, with a timezone.
        record.WriteText("ada"u8);
        record.WriteZigzag(19_800);
        record.WriteRaw([2, 0b0000_0010, 0]); // Two events; an impression on the web, the first action.
        record.WriteUuid(uuid);
        record.WriteZigzag(-60);
        record.WriteRaw([0, 0b0001_0001, 4]); // Of the first context. A click somewhere, the fifth action, with a target.
        record.WriteUuid(uuid + 1);
        record.WriteZigzag(-30);
        record.WriteRaw([0]);
        record.WriteText("buy"u8);
        record.WriteRaw([7, 0]); // The eighth element.
        record.WriteText("bob"u8);
        record.WriteRaw([1, 0b0010_0110, 2]); // One event: an impression on iOS, the third action, with attributes.
        record.WriteUuid(uuid + 2);
        record.WriteZigzag(5);
        record.WriteRaw([0]);
        record.WriteText("{}"u8);
        record.WriteRaw([0, 0]); // No rejections.

        var read = new ExperienceRequest();
        ExperienceRequestCodec.Read(record.Written, read);
        var bytes = record.Written.ToArray();
        read.Elements.Select(one => (one.Index, Text(one.CustomerId), one.TimezoneOffset, one.FirstEvent, one.EventCount))
            .ShouldBe([(0, "ada", 19_800, 0, 2), (7, "bob", null, 2, 1)]);
        read.Events.Select(one => (one.Index, one.Uuid, one.Action, one.Platform, one.Time, Text(one.ClickTarget), Text(one.Attributes))).ShouldBe(
        [
            (0, uuid, EventAction.Impression, Platform.Web, 1_763_999_940, null, null),
            (4, uuid + 1, EventAction.Click, Platform.Unknown, 1_763_999_970, "buy", null),
            (2, uuid + 2, EventAction.Impression, Platform.Ios, 1_764_000_005, null, "{}"),
        ]);

        string? Text(Slice slice) => slice.Present ? System.Text.Encoding.UTF8.GetString(slice.Of(bytes)) : null;
    }
}
