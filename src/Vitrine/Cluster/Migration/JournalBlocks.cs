using Vitrine.Journal;

namespace Vitrine.Cluster.Migration;

/// <summary>The records of a journal by blocks of positions, as the messages of a stream hold them.</summary>
/// <remarks>
/// A block is one stretch of positions without a gap: it begins at its first place, but where the journal was trimmed within
/// it, and may end early, where the journal has been a stream before. Blocks without a record are there, too.
/// </remarks>
internal static class JournalBlocks
{
    /// <summary>The block in which a journal begins; that of a stream that begins empty where there was never a record.</summary>
    public static long First(IJournal journal) => journal.Head < journal.FirstPosition ? StreamDescription.Plain.FirstBlock : BlockOf(journal.FirstPosition);

    /// <summary>All blocks in their order, from the first to that of the last position.</summary>
    /// <exception cref="IOException">A record is damaged, or positions are left out within a block.</exception>
    public static IEnumerable<JournalGroup> Read(IJournal journal)
    {
        if (journal.Head < journal.FirstPosition)
        {
            yield break;
        }

        JournalGroup? open = null;
        var next = First(journal);
        for (var position = journal.FirstPosition - 1; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            foreach (var part in Divide(group))
            {
                var block = BlockOf(part.FirstPosition);
                if (open is not null && block < next)
                {
                    open = Join(open, part);
                    continue;
                }

                if (open is not null)
                {
                    yield return open;
                }

                for (; next < block; next++)
                {
                    yield return Empty(next);
                }

                (open, next) = (part, block + 1);
            }
        }

        if (open is not null)
        {
            yield return open;
        }

        for (; next <= BlockOf(journal.Head); next++)
        {
            yield return Empty(next);
        }
    }

    private static long BlockOf(long position) => position / StreamPositions.RecordsOfMessage;

    private static JournalGroup Empty(long block) => new(block * StreamPositions.RecordsOfMessage, 0, ReadOnlyMemory<byte>.Empty);

    /// <summary>A group, cut where blocks begin.</summary>
    private static List<JournalGroup> Divide(JournalGroup group)
    {
        var parts = new List<JournalGroup>();
        var records = group.Records;
        var (start, first) = (0, group.FirstPosition);
        for (var offset = 0; records.MoveNext(); offset = records.Offset)
        {
            if (BlockOf(records.Position) != BlockOf(first))
            {
                parts.Add(new JournalGroup(first, (int)(records.Position - first), group.Payload[start..offset]));
                (start, first) = (offset, records.Position);
            }
        }

        if (start < group.Payload.Length)
        {
            parts.Add(new JournalGroup(first, (int)(records.Position + 1 - first), group.Payload[start..]));
        }

        return parts;
    }

    private static JournalGroup Join(JournalGroup one, JournalGroup other) => one.LastPosition + 1 == other.FirstPosition
        ? new JournalGroup(one.FirstPosition, one.Count + other.Count, (byte[])[.. one.Payload.Span, .. other.Payload.Span])
        : throw new IOException($"The journal leaves out positions {one.LastPosition + 1} to {other.FirstPosition - 1}, within a block of 64.");
}
