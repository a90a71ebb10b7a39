using System.Runtime.InteropServices;

namespace Vitrine.Journal.Records;

/// <summary>Writes and reads what is left of erased events, as records of several kinds end.</summary>
internal static class ErasedEventsCodec
{
    private const byte HasUuid = 1;

    /// <summary>Appends erased events.</summary>
    public static void Write(List<ErasedEvent> events, ByteWriter target)
    {
        target.WriteVarint((ulong)events.Count);
        foreach (ref readonly var one in CollectionsMarshal.AsSpan(events))
        {
            target.WriteVarint((ulong)Math.Max(0, one.Element)); // Where there are no elements the reader knows.
            target.WriteVarint((ulong)one.Action);
            target.WriteByte(one.Uuid is null ? (byte)0 : HasUuid);
            if (one.Uuid is { } uuid)
            {
                target.WriteUuid(uuid);
            }
        }
    }

    /// <summary>Reads erased events.</summary>
    public static void Read(ref ByteReader reader, List<ErasedEvent> events)
    {
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var (element, action, flags) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadByte());
            events.Add(new ErasedEvent(element, action, (flags & HasUuid) != 0 ? reader.ReadUuid() : null));
        }
    }
}
