using System.Text;
using CsCheck;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

/// <summary>A request made up whole, with the bytes that its slices lie in.</summary>
public sealed record MadeRequest(ExperienceRequest Request, byte[] Source)
{
    private static readonly Gen<string?> OptionalText = Gen.Frequency((1, Gen.Const((string?)null)), (3, Gen.String[0, 40].Select(Sound).Select(static text => (string?)text)));
    private static readonly Gen<UInt128> Uuid = Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => new UInt128(high, low));

    public static Gen<MadeRequest> Any { get; } = Gen.Select(
        Gen.Long[0, 4_000_000_000_000],
        Gen.Int[0, 14],
        Gen.Int[0, 10_000],
        OptionalText.Array[7].Array[1, 4],
        Gen.Select(Gen.Int[0, 99], OptionalText.Array[2], Gen.Int[-54_000, 54_000].Select(static offset => offset % 3 == 0 ? (int?)null : offset), Event().Array[0, 5]).Array[0, 5],
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[1, 14], Uuid, OptionalText).Array[0, 4],
        static (receivedAt, refusal, received, contexts, elements, rejections) =>
        {
            var source = new ByteWriter();
            var request = new ExperienceRequest { ReceivedAt = receivedAt, Refusal = (RejectionReason)refusal, ReceivedEvents = received };
            foreach (var texts in contexts)
            {
                var slices = texts.Select((text, index) => Keep(source, index < 6 ? text ?? "" : text)).ToList();
                request.Contexts.Add(new ExperienceContext(slices[0], slices[1], slices[2], slices[3], slices[4], slices[5], slices[6]));
            }

            var element = -1;
            foreach (var (index, texts, offset, events) in elements)
            {
                element = Place(index, element);
                request.Elements.Add(new RequestElement(
                    element, Keep(source, texts[0] ?? ""), offset, Keep(source, texts[1]), request.Events.Count, events.Length));
                var action = -1;
                foreach (var (place, flags, uuid, time, more) in events)
                {
                    action = Place(place, action);
                    request.Events.Add(new ExperienceEvent(
                        action, uuid, (EventAction)(flags & 1), (Platform)(flags / 2 % 5), time, flags % contexts.Length, Keep(source, more[0]), Keep(source, more[1])));
                }
            }

            foreach (var (refused, place, reason, uuid, text) in rejections)
            {
                request.Rejections.Add(new EventRejection(
                    refused, place, (RejectionReason)reason, uuid % 2 == 0 ? null : uuid, text is null ? default : Keep(source, text + "/field"), Keep(source, text), refused % 2 == 0));
            }

            return new MadeRequest(request, source.Written.ToArray());
        });

    public byte[] Encode(string environment = "SHOP")
    {
        var target = new ByteWriter();
        ExperienceRequestCodec.Write(Request, Source, Encoding.UTF8.GetBytes(environment), target);
        return target.Written.ToArray();
    }

    /// <summary>Everything in a request, written out, wherever its bytes lie.</summary>
    public static string Describe(ExperienceRequest request, byte[] bytes)
    {
        var text = (Slice slice) => slice.Present ? Convert.ToHexString(slice.Of(bytes)) : "-";
        return string.Join('\n',
        [
            $"{request.ReceivedAt} {request.Refusal} {request.ReceivedEvents}",
            .. request.Contexts.Select(one => $"{text(one.Cid)} {text(one.Experience)} {text(one.LocaleId)} {text(one.VariationId)} {text(one.AudienceName)} {text(one.AudienceId)} {text(one.Type)}"),
            .. request.Elements.Select(one => $"{one.Index} {text(one.CustomerId)} {one.TimezoneOffset} {text(one.UserAttributes)} {one.FirstEvent} {one.EventCount}"),
            .. request.Events.Select(one => $"{one.Index} {one.Uuid} {one.Action} {one.Platform} {one.Time} {one.Context} {text(one.ClickTarget)} {text(one.Attributes)}"),
            .. request.Rejections.Select(one => $"{one.Element} {one.Action} {one.Reason} {one.Uuid} {text(one.Field)} {text(one.Explanation)} {one.OfElement}"),
        ]);
    }

    private static Gen<(int Place, int Flags, UInt128 Uuid, long Time, string?[] Texts)> Event() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1000], Uuid, Gen.Long[0, 5_000_000_000], OptionalText.Array[2]);

    /// <summary>Mostly the next one, as when nothing was refused.</summary>
    private static int Place(int made, int previous) => made < 60 ? previous + 1 : made;

    private static Slice Keep(ByteWriter source, string? text)
    {
        if (text is null)
        {
            return default;
        }

        var start = source.Length;
        source.WriteRaw(Encoding.UTF8.GetBytes(text));
        return new Slice(start, source.Length - start);
    }

    /// <summary>Text without halves of surrogate pairs.</summary>
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
