using System.Runtime.InteropServices;

namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the record of a request to report events. The layout, byte by byte, stands in
/// <c>docs/journal-format.md</c>; a change of it takes a new <see cref="Version"/>, and old versions stay readable.
/// </summary>
public static class ExperienceRequestCodec
{
    /// <summary>The layout that is written.</summary>
    public const byte Version = 1;

    private const byte HasType = 1;
    private const byte HasTimezone = 1;
    private const byte HasUserAttributes = 2;
    private const byte IsClick = 1;
    private const int PlatformShift = 1;
    private const byte PlatformMask = 7;
    private const byte HasClickTarget = 16;
    private const byte HasAttributes = 32;
    private const byte HasUuid = 1;
    private const byte HasExplanation = 2;
    private const byte IsOfElement = 4;

    /// <summary>Appends the record of a request whose slices lie in <paramref name="source"/>.</summary>
    public static void Write(ExperienceRequest request, ReadOnlySpan<byte> source, ReadOnlySpan<byte> environment, ByteWriter target)
    {
        target.WriteByte((byte)RecordKind.ExperienceEvents);
        target.WriteByte(Version);
        target.WriteVarint((ulong)request.ReceivedAt);
        target.WriteText(environment);
        target.WriteByte((byte)request.Refusal);
        target.WriteVarint((ulong)request.ReceivedEvents);
        target.WriteVarint((ulong)request.Contexts.Count);
        foreach (ref readonly var context in CollectionsMarshal.AsSpan(request.Contexts))
        {
            WriteContext(in context, source, target);
        }

        target.WriteVarint((ulong)request.Elements.Count);
        foreach (ref readonly var element in CollectionsMarshal.AsSpan(request.Elements))
        {
            WriteElement(in element, request, source, target);
        }

        WriteRejections(request.Rejections, source, target);
    }

    /// <summary>Reads a record into <paramref name="request"/>, whose slices then lie in <paramref name="record"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static void Read(ReadOnlySpan<byte> record, ExperienceRequest request)
    {
        request.Clear();
        var reader = new ByteReader(record);
        var kind = reader.ReadByte();
        var version = reader.ReadByte();
        if (kind != (byte)RecordKind.ExperienceEvents || version != Version)
        {
            throw new InvalidDataException($"A record of kind {kind}, version {version}, is not known to this version of the server.");
        }

        request.ReceivedAt = (long)reader.ReadVarint();
        request.Environment = ReadSlice(ref reader);
        request.Refusal = (RejectionReason)reader.ReadByte();
        request.ReceivedEvents = reader.ReadInt32();
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            request.Contexts.Add(ReadContext(ref reader));
        }

        for (var count = reader.ReadCount(); count > 0; count--)
        {
            ReadElement(ref reader, request);
        }

        ReadRejections(ref reader, request.Rejections);
    }

    /// <summary>Appends a context as a record holds it, so that one read back from elsewhere can be recognised.</summary>
    public static void WriteContext(
        ByteWriter target,
        string cid,
        string experience,
        string localeId,
        string variationId,
        string audienceName,
        string audienceId,
        string? type)
    {
        target.WriteByte(type is null ? (byte)0 : HasType);
        target.WriteText(cid);
        target.WriteText(experience);
        target.WriteText(localeId);
        target.WriteText(variationId);
        target.WriteText(audienceName);
        target.WriteText(audienceId);
        if (type is not null)
        {
            target.WriteText(type);
        }
    }

    private static void WriteContext(in ExperienceContext context, ReadOnlySpan<byte> source, ByteWriter target)
    {
        target.WriteByte(context.Type.Present ? HasType : (byte)0);
        target.WriteText(context.Cid.Of(source));
        target.WriteText(context.Experience.Of(source));
        target.WriteText(context.LocaleId.Of(source));
        target.WriteText(context.VariationId.Of(source));
        target.WriteText(context.AudienceName.Of(source));
        target.WriteText(context.AudienceId.Of(source));
        if (context.Type.Present)
        {
            target.WriteText(context.Type.Of(source));
        }
    }

    private static ExperienceContext ReadContext(ref ByteReader reader)
    {
        var start = reader.Offset;
        var hasType = (reader.ReadByte() & HasType) != 0;
        var context = new ExperienceContext(
            ReadSlice(ref reader),
            ReadSlice(ref reader),
            ReadSlice(ref reader),
            ReadSlice(ref reader),
            ReadSlice(ref reader),
            ReadSlice(ref reader),
            hasType ? ReadSlice(ref reader) : default);
        context.Encoded = new Slice(start, reader.Offset - start);
        return context;
    }

    private static void WriteElement(
        in RequestElement element, ExperienceRequest request, ReadOnlySpan<byte> source, ByteWriter target)
    {
        target.WriteVarint((ulong)element.Index);
        target.WriteByte((byte)((element.TimezoneOffset is null ? 0 : HasTimezone)
            | (element.UserAttributes.Present ? HasUserAttributes : 0)));
        target.WriteText(element.CustomerId.Of(source));
        if (element.TimezoneOffset is { } offset)
        {
            target.WriteZigzag(offset);
        }

        if (element.UserAttributes.Present)
        {
            target.WriteText(element.UserAttributes.Of(source));
        }

        target.WriteVarint((ulong)element.EventCount);
        foreach (ref readonly var one in CollectionsMarshal.AsSpan(request.Events).Slice(element.FirstEvent, element.EventCount))
        {
            target.WriteByte((byte)((one.Action == EventAction.Click ? IsClick : 0)
                | ((int)one.Platform << PlatformShift)
                | (one.ClickTarget.Present ? HasClickTarget : 0)
                | (one.Attributes.Present ? HasAttributes : 0)));
            target.WriteVarint((ulong)one.Index);
            target.WriteUuid(one.Uuid);
            target.WriteZigzag(one.Time - (request.ReceivedAt / 1000));
            target.WriteVarint((ulong)one.Context);
            if (one.ClickTarget.Present)
            {
                target.WriteText(one.ClickTarget.Of(source));
            }

            if (one.Attributes.Present)
            {
                target.WriteText(one.Attributes.Of(source));
            }
        }
    }

    private static void ReadElement(ref ByteReader reader, ExperienceRequest request)
    {
        var index = reader.ReadInt32();
        var flags = reader.ReadByte();
        var customer = ReadSlice(ref reader);
        int? offset = (flags & HasTimezone) != 0 ? (int)reader.ReadZigzag() : null;
        var attributes = (flags & HasUserAttributes) != 0 ? ReadSlice(ref reader) : default;
        var count = reader.ReadCount();
        request.Elements.Add(new RequestElement(index, customer, offset, attributes, request.Events.Count, count));
        for (; count > 0; count--)
        {
            var eventFlags = reader.ReadByte();
            request.Events.Add(new ExperienceEvent(
                reader.ReadInt32(),
                reader.ReadUuid(),
                (eventFlags & IsClick) != 0 ? EventAction.Click : EventAction.Impression,
                (Platform)((eventFlags >> PlatformShift) & PlatformMask),
                reader.ReadZigzag() + (request.ReceivedAt / 1000),
                reader.ReadInt32(),
                (eventFlags & HasClickTarget) != 0 ? ReadSlice(ref reader) : default,
                (eventFlags & HasAttributes) != 0 ? ReadSlice(ref reader) : default));
        }
    }

    /// <summary>
    /// The texts stand once, before the rejections that refer to them: ten thousand events that lack the same field take
    /// no more room than the request did.
    /// </summary>
    private static void WriteRejections(List<EventRejection> rejections, ReadOnlySpan<byte> source, ByteWriter target)
    {
        if (rejections.Count == 0)
        {
            target.WriteVarint(0);
            target.WriteVarint(0);
            return;
        }

        var texts = new OrderedDictionary<Slice, int>();
        foreach (var rejection in rejections)
        {
            if (rejection.Explanation.Present)
            {
                texts.TryAdd(rejection.Field, texts.Count);
                texts.TryAdd(rejection.Explanation, texts.Count);
            }
        }

        target.WriteVarint((ulong)texts.Count);
        foreach (var text in texts.Keys)
        {
            target.WriteText(text.Of(source));
        }

        target.WriteVarint((ulong)rejections.Count);
        foreach (ref readonly var rejection in CollectionsMarshal.AsSpan(rejections))
        {
            WriteRejection(in rejection, texts, target);
        }
    }

    private static void WriteRejection(in EventRejection rejection, OrderedDictionary<Slice, int> texts, ByteWriter target)
    {
        target.WriteVarint((ulong)rejection.Element);
        target.WriteVarint((ulong)rejection.Action);
        target.WriteByte((byte)rejection.Reason);
        target.WriteByte((byte)((rejection.Uuid is null ? 0 : HasUuid)
            | (rejection.Explanation.Present ? HasExplanation : 0)
            | (rejection.OfElement ? IsOfElement : 0)));
        if (rejection.Uuid is { } uuid)
        {
            target.WriteUuid(uuid);
        }

        if (rejection.Explanation.Present)
        {
            target.WriteVarint((ulong)texts[rejection.Field]);
            target.WriteVarint((ulong)texts[rejection.Explanation]);
        }
    }

    private static void ReadRejections(ref ByteReader reader, List<EventRejection> rejections)
    {
        var textCount = reader.ReadCount();
        var texts = textCount == 0 ? [] : new Slice[textCount];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = ReadSlice(ref reader);
        }

        for (var count = reader.ReadCount(); count > 0; count--)
        {
            rejections.Add(ReadRejection(ref reader, texts));
        }
    }

    private static EventRejection ReadRejection(ref ByteReader reader, Slice[] texts)
    {
        var element = reader.ReadInt32();
        var action = reader.ReadInt32();
        var reason = (RejectionReason)reader.ReadByte();
        var flags = reader.ReadByte();
        UInt128? uuid = (flags & HasUuid) != 0 ? reader.ReadUuid() : null;
        var explained = (flags & HasExplanation) != 0;
        return new EventRejection(
            element,
            action,
            reason,
            uuid,
            explained ? ReadText(ref reader, texts) : default,
            explained ? ReadText(ref reader, texts) : default,
            (flags & IsOfElement) != 0);
    }

    private static Slice ReadText(ref ByteReader reader, Slice[] texts)
    {
        var index = reader.ReadInt32();
        return index < texts.Length
            ? texts[index]
            : throw new InvalidDataException($"Text {index} is referred to where there are {texts.Length}.");
    }

    private static Slice ReadSlice(ref ByteReader reader)
    {
        var length = reader.ReadText().Length;
        return new Slice(reader.Offset - length, length);
    }
}
