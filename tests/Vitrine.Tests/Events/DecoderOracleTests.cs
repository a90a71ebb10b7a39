using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Events;
using Vitrine.Journal.Records;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>
/// The decoder, one pass over bytes, says what the contract says that is read off a document model. VITRINE_TEST_BODIES
/// sets how many bodies are compared.
/// </summary>
public sealed class DecoderOracleTests
{
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("VITRINE_TEST_BODIES") ?? "6000", null);

    [Fact]
    public void They_agree_on_every_body()
    {
        var random = new Seeded(2026);
        var accepted = 0;
        for (var count = 0; count < Count; count++)
        {
            var body = BodyMutations.Make(random);
            var (refusal, expected) = ContractOracle.Judge(body, Clock.Now);
            var (title, actual) = Decode(body);
            title.ShouldBe(refusal, $"body {count}: {Encoding.UTF8.GetString(body)}");
            actual.Count.ShouldBe(expected.Count, $"body {count}");
            for (var index = 0; index < actual.Count; index++)
            {
                Plain(actual[index]).ShouldBe(Plain(expected[index]), $"body {count}: {Encoding.UTF8.GetString(body)}");
            }

            accepted += refusal is null ? 1 : 0;
        }

        ((double)accepted / Count).ShouldBeInRange(0.15, 0.85);
    }

    private static (string? Title, IReadOnlyList<OracleEvent> Events) Decode(byte[] body)
    {
        var decoder = EventsDecoder.Rent();
        try
        {
            decoder.Source.WriteRaw(body);
            var refusal = decoder.Decode(Clock.Now * 1000, lenient: false);
            if (refusal != RejectionReason.None)
            {
                decoder.Request.Events.ShouldBeEmpty();
                decoder.Request.Rejections.Count.ShouldBe(decoder.Request.ReceivedEvents);
                return (EventsErrors.Of(refusal, decoder.Errors).Title, []);
            }

            decoder.Request.Events.Count.ShouldBe(decoder.Request.ReceivedEvents);
            return (null, [.. decoder.Request.Elements.SelectMany(element =>
                decoder.Request.Events.Skip(element.FirstEvent).Take(element.EventCount).Select(one => Event(decoder, element, one)))]);
        }
        finally
        {
            decoder.Return();
        }
    }

    private static OracleEvent Event(EventsDecoder decoder, RequestElement element, ExperienceEvent one)
    {
        var context = decoder.Request.Contexts[one.Context];
        var text = (Slice slice) => slice.Present ? Encoding.UTF8.GetString(slice.Of(decoder.Source.Written)) : null;
        return new OracleEvent(
            text(element.CustomerId)!,
            element.TimezoneOffset,
            one.Action == EventAction.Impression ? Bodies.Shown : Bodies.Clicked,
            Guid.Parse(Uuids.Format(one.Uuid)),
            one.Time,
            one.Platform == Platform.Unknown ? "Unknown" : one.Platform.ToString().ToLowerInvariant(),
            text(context.Cid)!,
            text(context.Experience)!,
            text(context.LocaleId)!,
            text(context.VariationId)!,
            text(context.AudienceName)!,
            text(context.AudienceId)!,
            context.Type == default ? null : text(context.Type),
            one.ClickTarget == default ? null : text(one.ClickTarget),
            one.Attributes == default ? null : text(one.Attributes));
    }

    private static OracleEvent Plain(OracleEvent one) => one with
    {
        Further = one.Further is null ? null : JsonNode.Parse(one.Further)!.ToJsonString(JsonSerializerOptions.Default),
    };
}
