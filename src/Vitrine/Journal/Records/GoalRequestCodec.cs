using System.Runtime.InteropServices;

namespace Vitrine.Journal.Records;

/// <summary>
/// Writes and reads the record of a request to report goal events (<see cref="RecordKind.GoalEvents"/>). The layout stands
/// in <c>docs/journal-format.md</c>; a change of it takes a new <see cref="Version"/>, and old versions stay readable.
/// </summary>
public static class GoalRequestCodec
{
    /// <summary>The layout that is written.</summary>
    public const byte Version = 1;

    /// <summary>The layout where events were erased: their uuids follow.</summary>
    private const byte VersionWithErased = 2;

    private const int HasUuid = 1;
    private const int HasTimezone = 2;
    private const int HasAppVersion = 4;
    private const int HasAttributes = 8;
    private const int HasIndex = 16;
    private const int PlatformShift = 5;

    /// <summary>Appends the record of a request whose slices lie in <paramref name="source"/>.</summary>
    public static void Write(GoalRequest request, ReadOnlySpan<byte> source, ReadOnlySpan<byte> environment, ByteWriter target)
    {
        target.WriteByte((byte)RecordKind.GoalEvents);
        target.WriteByte(request.Erased.Count == 0 ? Version : VersionWithErased);
        target.WriteVarint((ulong)request.ReceivedAt);
        target.WriteText(environment);
        target.WriteByte((byte)request.Refusal);
        target.WriteVarint((ulong)request.ReceivedEvents);
        target.WriteText(request.CustomerId.Of(source));
        target.WriteVarint((ulong)request.Names.Count);
        foreach (var name in request.Names)
        {
            target.WriteText(name.Of(source));
        }

        target.WriteVarint((ulong)request.Actions.Count);
        var (index, time) = (-1, request.ReceivedAt / 1000);
        foreach (ref readonly var action in CollectionsMarshal.AsSpan(request.Actions))
        {
            Write(in action, index, time, source, target);
            (index, time) = (action.Index, action.Time);
        }

        RejectionsCodec.Write(request.Rejections, source, target);
        if (request.Erased.Count > 0)
        {
            ErasedEventsCodec.Write(request.Erased, target);
        }
    }

    /// <summary>Reads a record into <paramref name="request"/>, whose slices then lie in <paramref name="record"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static void Read(ReadOnlySpan<byte> record, GoalRequest request)
    {
        request.Clear();
        var reader = new ByteReader(record);
        var kind = reader.ReadByte();
        var version = reader.ReadByte();
        if (kind != (byte)RecordKind.GoalEvents || version is 0 or > VersionWithErased)
        {
            throw new InvalidDataException($"A record of kind {kind}, version {version}, is not known to this version of the server.");
        }

        request.ReceivedAt = (long)reader.ReadVarint();
        request.Environment = reader.ReadSlice();
        request.Refusal = (RejectionReason)reader.ReadByte();
        request.ReceivedEvents = reader.ReadInt32();
        request.CustomerId = reader.ReadSlice();
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            request.Names.Add(reader.ReadSlice());
        }

        var (index, time) = (-1, request.ReceivedAt / 1000);
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var action = ReadAction(ref reader, index, time, request.Names.Count);
            request.Actions.Add(action);
            (index, time) = (action.Index, action.Time);
        }

        RejectionsCodec.Read(ref reader, request.Rejections);
        foreach (ref var rejection in CollectionsMarshal.AsSpan(request.Rejections))
        {
            rejection = rejection with { Element = GoalRequest.NoElement };
        }

        if (version == VersionWithErased)
        {
            ErasedEventsCodec.Read(ref reader, request.Erased);
            foreach (ref var erased in CollectionsMarshal.AsSpan(request.Erased))
            {
                erased = erased with { Element = GoalRequest.NoElement };
            }
        }
    }

    /// <summary>Places and times are told from one event to the next, which mostly follow each other.</summary>
    private static void Write(in GoalAction action, int indexBefore, long timeBefore, ReadOnlySpan<byte> source, ByteWriter target)
    {
        var flags = (action.Uuid is null ? 0 : HasUuid)
            | (action.TimezoneOffset is null ? 0 : HasTimezone)
            | (action.AppVersion.Present ? HasAppVersion : 0)
            | (action.Attributes.Present ? HasAttributes : 0)
            | (action.Index == indexBefore + 1 ? 0 : HasIndex);
        target.WriteByte((byte)(flags | ((int)action.Platform << PlatformShift)));
        target.WriteVarint((ulong)action.Name);
        target.WriteZigzag(action.Time - timeBefore);
        if (action.Uuid is { } uuid)
        {
            target.WriteUuid(uuid);
        }

        if (action.TimezoneOffset is { } offset)
        {
            target.WriteZigzag(offset);
        }

        if (action.AppVersion.Present)
        {
            target.WriteText(action.AppVersion.Of(source));
        }

        if (action.Attributes.Present)
        {
            target.WriteText(action.Attributes.Of(source));
        }

        if ((flags & HasIndex) != 0)
        {
            target.WriteVarint((ulong)action.Index);
        }
    }

    private static GoalAction ReadAction(ref ByteReader reader, int indexBefore, long timeBefore, int names)
    {
        var flags = reader.ReadByte();
        var name = reader.ReadInt32();
        if (name >= names)
        {
            throw new InvalidDataException($"Name {name} is referred to where there are {names}.");
        }

        var time = timeBefore + reader.ReadZigzag();
        UInt128? uuid = (flags & HasUuid) != 0 ? reader.ReadUuid() : null;
        int? offset = (flags & HasTimezone) != 0 ? (int)reader.ReadZigzag() : null;
        var version = (flags & HasAppVersion) != 0 ? reader.ReadSlice() : default;
        var attributes = (flags & HasAttributes) != 0 ? reader.ReadSlice() : default;
        var index = (flags & HasIndex) != 0 ? reader.ReadInt32() : indexBefore + 1;
        return new GoalAction(index, name, uuid, Platforms.Known(flags >> PlatformShift), time, offset, version, attributes);
    }
}
