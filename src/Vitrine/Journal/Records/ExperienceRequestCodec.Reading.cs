namespace Vitrine.Journal.Records;

public static partial class ExperienceRequestCodec
{
    /// <summary>Reads a record into <paramref name="request"/>, whose slices then lie in <paramref name="record"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static void Read(ReadOnlySpan<byte> record, ExperienceRequest request)
    {
        request.Clear();
        var reader = new ByteReader(record);
        var kind = reader.ReadByte();
        var version = reader.ReadByte();
        if (kind != (byte)RecordKind.ExperienceEvents || version is 0 or > VersionWithErased)
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

        var before = new Predecessor(request);
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            if (version == 1)
            {
                ReadFirstVersion(ref reader, request);
            }
            else
            {
                ReadElement(ref reader, request, ref before);
            }
        }

        RejectionsCodec.Read(ref reader, request.Rejections);
        if (version == VersionWithErased)
        {
            ErasedEventsCodec.Read(ref reader, request.Erased);
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

    private static void ReadElement(ref ByteReader reader, ExperienceRequest request, ref Predecessor before)
    {
        var header = reader.ReadVarint();
        var flags = (header & 1) == 0 ? 0 : reader.ReadByte();
        var customer = ReadSlice(ref reader, header >> 1);
        before.Element = (flags & HasElementIndex) != 0 ? reader.ReadInt32() : before.Element + 1;
        int? offset = (flags & HasTimezone) != 0 ? (int)reader.ReadZigzag() : null;
        var attributes = (flags & HasUserAttributes) != 0 ? ReadSlice(ref reader) : default;
        var count = (flags & HasEventCount) != 0 ? reader.ReadCount() : 1;
        request.Elements.Add(new RequestElement(before.Element, customer, offset, attributes, request.Events.Count, count));
        for (var index = -1; count > 0; count--)
        {
            var eventFlags = reader.ReadByte();
            var uuid = reader.ReadUuid();
            before.Time += reader.ReadZigzag();
            before.Platform = (eventFlags & HasPlatform) != 0 ? Platforms.Known(reader.ReadByte()) : before.Platform;
            index = (eventFlags & HasEventIndex) != 0 ? reader.ReadInt32() : index + 1;
            var context = eventFlags >> ContextShift;
            request.Events.Add(new ExperienceEvent(
                index,
                uuid,
                (eventFlags & IsClick) != 0 ? EventAction.Click : EventAction.Impression,
                before.Platform,
                before.Time,
                KnownContext(context == FarContext ? reader.ReadInt32() : context, request),
                (eventFlags & HasClickTarget) != 0 ? ReadSlice(ref reader) : default,
                (eventFlags & HasAttributes) != 0 ? ReadSlice(ref reader) : default));
        }
    }

    /// <summary>Version 1 said each place, count, platform and context, and each time from the receipt on.</summary>
    private static void ReadFirstVersion(ref ByteReader reader, ExperienceRequest request)
    {
        var place = reader.ReadInt32();
        var flags = reader.ReadByte();
        var customer = ReadSlice(ref reader);
        int? offset = (flags & 1) != 0 ? (int)reader.ReadZigzag() : null;
        var attributes = (flags & 2) != 0 ? ReadSlice(ref reader) : default;
        var count = reader.ReadCount();
        request.Elements.Add(new RequestElement(place, customer, offset, attributes, request.Events.Count, count));
        for (; count > 0; count--)
        {
            var eventFlags = reader.ReadByte();
            request.Events.Add(new ExperienceEvent(
                reader.ReadInt32(),
                reader.ReadUuid(),
                (eventFlags & 1) != 0 ? EventAction.Click : EventAction.Impression,
                Platforms.Known((eventFlags >> 1) & 7),
                reader.ReadZigzag() + (request.ReceivedAt / 1000),
                KnownContext(reader.ReadInt32(), request),
                (eventFlags & 16) != 0 ? ReadSlice(ref reader) : default,
                (eventFlags & 32) != 0 ? ReadSlice(ref reader) : default));
        }
    }

    private static int KnownContext(int context, ExperienceRequest request) => context < request.Contexts.Count
        ? context
        : throw new InvalidDataException($"Context {context} is referred to where there are {request.Contexts.Count}.");

    private static Slice ReadSlice(ref ByteReader reader) => reader.ReadSlice();

    private static Slice ReadSlice(ref ByteReader reader, ulong length) => reader.ReadSlice(length);
}
