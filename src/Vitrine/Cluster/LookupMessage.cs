using System.Text;
using NodaTime;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Lookups;

namespace Vitrine.Cluster;

/// <summary>How a node asks another one what is stored of a customer, in bytes.</summary>
/// <remarks>
/// A question names what it asks about, not by numbers of the node that asks: each node numbers for itself. A message of
/// another version is not understood, so that nodes of two versions take each other for silent, not for wrong.
/// A profile has at most 64 KiB of names and values, which as JSON are 400 KB where every character has to be escaped;
/// with an id of 512 bytes and a few for each count that is well within the 1 MiB that NATS takes by default.
/// </remarks>
internal static class LookupMessage
{
    private const byte Version = 1;

    /// <summary>Writes a question.</summary>
    public static byte[] Write(CustomerQuestion question)
    {
        var target = new ByteWriter(256);
        target.WriteByte(Version);
        target.WriteText(question.EnvironmentId.Span);
        target.WriteText(question.CustomerId.Written);
        target.WriteText(question.IdentifierName.Span);
        target.WriteText(question.Identifier.Written);
        target.WriteText(question.Otherwise.Written);
        target.WriteZigzag(question.Now);
        target.WriteByte(question.WantsProfile ? (byte)1 : (byte)0);
        target.WriteVarint((ulong)question.Behaviours.Count);
        foreach (var (watch, days) in question.Behaviours)
        {
            var asked = watch!.Question;
            target.WriteByte((byte)(asked.Action is { } action ? 1 + (int)action : 0));
            target.WriteByte(asked.Name is null ? (byte)0 : (byte)1);
            target.WriteText(asked.Name ?? "");
            target.WriteText(asked.Zone.Id);
            target.WriteVarint((ulong)(days ?? 0));
        }

        return target.Written.ToArray();
    }

    /// <summary>Reads a question. False when it is of another version.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="watches">Count what it asks about.</param>
    /// <param name="question">Empty.</param>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, BehaviourWatches watches, CustomerQuestion question)
    {
        var reader = new ByteReader(bytes);
        if (reader.ReadByte() != Version)
        {
            return false;
        }

        question.EnvironmentId = reader.ReadText().ToArray();
        question.CustomerId.WriteRaw(reader.ReadText());
        question.IdentifierName = reader.ReadText().ToArray();
        question.Identifier.WriteRaw(reader.ReadText());
        question.Otherwise.WriteRaw(reader.ReadText());
        question.Now = reader.ReadZigzag();
        question.WantsProfile = reader.ReadByte() != 0;
        var environmentId = Encoding.UTF8.GetString(question.EnvironmentId.Span);
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var action = reader.ReadByte();
            var isNamed = reader.ReadByte() != 0;
            var name = reader.ReadString();
            var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(reader.ReadString());
            var days = reader.ReadInt32();
            question.Behaviours.Add(new AskedBehaviour(
                zone is null ? null : watches.Find(new BehaviourQuestion(environmentId, action == 0 ? null : (EventAction)(action - 1), isNamed ? name : null, zone)),
                days == 0 ? null : days));
        }

        return true;
    }

    /// <summary>Writes what a question was told.</summary>
    public static byte[] Write(LookupOutcome outcome, CustomerQuestion question)
    {
        var target = new ByteWriter(256 + question.Profile.Length);
        target.WriteByte(Version);
        target.WriteByte((byte)outcome);
        if (outcome == LookupOutcome.Answered)
        {
            target.WriteText(question.CustomerId.Written);
            target.WriteText(question.Profile.Written);
            target.WriteVarint((ulong)question.Counts.Count);
            foreach (var count in question.Counts)
            {
                target.WriteZigzag(count);
            }
        }

        return target.Written.ToArray();
    }

    /// <summary>Reads what a question was told. One of another version is none.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static LookupOutcome Read(ReadOnlySpan<byte> bytes, CustomerQuestion question)
    {
        var reader = new ByteReader(bytes);
        var outcome = reader.ReadByte() == Version ? (LookupOutcome)reader.ReadByte() : LookupOutcome.Unanswered;
        if (outcome == LookupOutcome.Answered)
        {
            question.CustomerId.Clear();
            question.CustomerId.WriteRaw(reader.ReadText());
            question.Profile.WriteRaw(reader.ReadText());
            for (var left = reader.ReadCount(); left > 0; left--)
            {
                question.Counts.Add(reader.ReadZigzag());
            }

            if (question.Counts.Count != question.Behaviours.Count)
            {
                throw new InvalidDataException($"{question.Counts.Count} counts answer {question.Behaviours.Count} questions.");
            }
        }

        return outcome;
    }
}
