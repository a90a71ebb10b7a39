using System.Runtime.InteropServices;

namespace Vitrine.Journal.Records;

/// <summary>Writes and reads which events of a request were refused, and why, as records of several kinds end.</summary>
internal static class RejectionsCodec
{
    private const byte HasUuid = 1;
    private const byte HasExplanation = 2;
    private const byte IsOfElement = 4;

    /// <summary>Appends rejections.</summary>
    /// <remarks>
    /// The texts stand once, before the rejections that refer to them: ten thousand events that lack the same field take
    /// no more room than the request did.
    /// </remarks>
    public static void Write(List<EventRejection> rejections, ReadOnlySpan<byte> source, ByteWriter target)
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
            Write(in rejection, texts, target);
        }
    }

    private static void Write(in EventRejection rejection, OrderedDictionary<Slice, int> texts, ByteWriter target)
    {
        target.WriteVarint((ulong)Math.Max(0, rejection.Element)); // Where there are no elements the reader knows.
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

    /// <summary>Reads rejections.</summary>
    public static void Read(ref ByteReader reader, List<EventRejection> rejections)
    {
        var textCount = reader.ReadCount();
        var texts = textCount == 0 ? [] : new Slice[textCount];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = reader.ReadSlice();
        }

        for (var count = reader.ReadCount(); count > 0; count--)
        {
            rejections.Add(ReadOne(ref reader, texts));
        }
    }

    private static EventRejection ReadOne(ref ByteReader reader, Slice[] texts)
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
}
