using System.Runtime.InteropServices;

namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the record of a request to report events. The layout, byte by byte, stands in
/// <c>docs/journal-format.md</c>; a change of it takes a new <see cref="Version"/>, and old versions stay readable.
/// </summary>
public static partial class ExperienceRequestCodec
{
    /// <summary>The layout that is written.</summary>
    public const byte Version = 2;

    /// <summary>The layout where events were erased: their uuids follow.</summary>
    private const byte VersionWithErased = 3;

    private const byte HasType = 1;
    private const byte HasTimezone = 1;
    private const byte HasUserAttributes = 2;
    private const byte HasElementIndex = 4;
    private const byte HasEventCount = 8;
    private const byte HasPlatform = 1;
    private const byte IsClick = 2;
    private const byte HasClickTarget = 4;
    private const byte HasAttributes = 8;
    private const byte HasEventIndex = 16;
    private const int ContextShift = 5;
    private const int FarContext = 7;

    /// <summary>Appends the record of a request whose slices lie in <paramref name="source"/>.</summary>
    public static void Write(ExperienceRequest request, ReadOnlySpan<byte> source, ReadOnlySpan<byte> environment, ByteWriter target)
    {
        target.WriteByte((byte)RecordKind.ExperienceEvents);
        target.WriteByte(request.Erased.Count == 0 ? Version : VersionWithErased);
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
        var before = new Predecessor(request);
        foreach (ref readonly var element in CollectionsMarshal.AsSpan(request.Elements))
        {
            WriteElement(in element, ref before, source, target);
            WriteEvents(CollectionsMarshal.AsSpan(request.Events).Slice(element.FirstEvent, element.EventCount), ref before, source, target);
        }

        RejectionsCodec.Write(request.Rejections, source, target);
        if (request.Erased.Count > 0)
        {
            ErasedEventsCodec.Write(request.Erased, target);
        }
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

    /// <summary>What goes without saying is left out: a place behind the last one, and one event.</summary>
    private static void WriteElement(
        in RequestElement element, ref Predecessor before, ReadOnlySpan<byte> source, ByteWriter target)
    {
        var flags = (element.TimezoneOffset is null ? 0 : HasTimezone)
            | (element.UserAttributes.Present ? HasUserAttributes : 0)
            | (element.Index == before.Element + 1 ? 0 : HasElementIndex)
            | (element.EventCount == 1 ? 0 : HasEventCount);
        before.Element = element.Index;
        var customer = element.CustomerId.Of(source);
        target.WriteVarint(((ulong)customer.Length << 1) | (flags == 0 ? 0UL : 1));
        if (flags != 0)
        {
            target.WriteByte((byte)flags);
        }

        target.WriteRaw(customer);
        if ((flags & HasElementIndex) != 0)
        {
            target.WriteVarint((ulong)element.Index);
        }

        if (element.TimezoneOffset is { } offset)
        {
            target.WriteZigzag(offset);
        }

        if (element.UserAttributes.Present)
        {
            target.WriteText(element.UserAttributes.Of(source));
        }

        if ((flags & HasEventCount) != 0)
        {
            target.WriteVarint((ulong)element.EventCount);
        }
    }

    /// <summary>Times and platforms are told from one event of the record to the next, which mostly are alike.</summary>
    private static void WriteEvents(
        ReadOnlySpan<ExperienceEvent> events, ref Predecessor before, ReadOnlySpan<byte> source, ByteWriter target)
    {
        var index = -1;
        foreach (ref readonly var one in events)
        {
            var context = Math.Min(one.Context, FarContext);
            var flags = (one.Platform == before.Platform ? 0 : HasPlatform)
                | (one.Action == EventAction.Click ? IsClick : 0)
                | (one.ClickTarget.Present ? HasClickTarget : 0)
                | (one.Attributes.Present ? HasAttributes : 0)
                | (one.Index == index + 1 ? 0 : HasEventIndex);
            index = one.Index;
            target.WriteByte((byte)(flags | (context << ContextShift)));
            target.WriteUuid(one.Uuid);
            target.WriteZigzag(one.Time - before.Time);
            before.Time = one.Time;
            if ((flags & HasPlatform) != 0)
            {
                target.WriteByte((byte)one.Platform);
                before.Platform = one.Platform;
            }

            if ((flags & HasEventIndex) != 0)
            {
                target.WriteVarint((ulong)one.Index);
            }

            if (context == FarContext)
            {
                target.WriteVarint((ulong)one.Context);
            }

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

    /// <summary>What elements and events are compared with: the place of the element before, the time and platform of the event before.</summary>
    private struct Predecessor(ExperienceRequest request)
    {
        public int Element = -1;
        public long Time = request.ReceivedAt / 1000;
        public Platform Platform = Platform.Web;
    }
}
