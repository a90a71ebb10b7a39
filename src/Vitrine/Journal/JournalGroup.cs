namespace Vitrine.Journal;

/// <summary>The records that became durable together: consecutive positions, one payload.</summary>
/// <param name="FirstPosition">The position of the first record.</param>
/// <param name="Count">How many records there are.</param>
/// <param name="Payload">The framed records, one behind the other.</param>
public sealed record JournalGroup(long FirstPosition, int Count, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Up to which position this is all there is: that of the last record, or a later one where positions are left out before the next group.</summary>
    public long LastPosition { get; init; } = FirstPosition + Count - 1;

    /// <summary>Walks the records in order, checking each checksum.</summary>
    public RecordEnumerator Records => new(this);

    /// <summary>Walks the records of a group without copying them, and around those that are damaged.</summary>
    public ref struct RecordEnumerator(JournalGroup group)
    {
        /// <summary>Bytes to hash in search of the end of a damage before the rest of the group is given up: some tenths of a second.</summary>
        private const long MaximumSearch = 1L << 30;

        private readonly long _last = group.FirstPosition + group.Count - 1;
        private ReadOnlySpan<byte> _rest = group.Payload.Span;

        /// <summary>The position of the current record.</summary>
        public long Position { get; private set; } = group.FirstPosition - 1;

        /// <summary>The bytes of the current record.</summary>
        public ReadOnlySpan<byte> Record { get; private set; }

        /// <summary>Where in the payload the next record begins, or the damage before it.</summary>
        public readonly int Offset => group.Payload.Length - _rest.Length;

        /// <summary>
        /// Steps to the next record. Throws <see cref="JournalDamagedException"/> when it is damaged, and then stands
        /// before the next sound one: asking again goes on behind the damage.
        /// </summary>
        public bool MoveNext()
        {
            if (Position == _last)
            {
                return _rest.IsEmpty
                    ? false
                    : throw Trailing();
            }

            if (!RecordFrame.TryRead(_rest, Position + 1, out var record, out var reason))
            {
                reason = group.Payload.IsEmpty ? "nothing of it can be read" : reason;
                throw new JournalDamagedException(Position + 1, SkipDamage(), reason);
            }

            Position++;

            Record = record;
            _rest = _rest[(RecordFrame.HeaderLength + record.Length)..];
            return true;
        }

        /// <summary>Steps to the next sound record, over those that are damaged: the projection has noted them in its quarantine.</summary>
        public bool MoveNextSound()
        {
            while (true)
            {
                try
                {
                    return MoveNext();
                }
                catch (JournalDamagedException)
                {
                    // Those behind it can be read all the same.
                }
            }
        }

        private JournalDamagedException Trailing()
        {
            var length = _rest.Length;
            _rest = default;
            return new JournalDamagedException(Position, Position, $"{length} bytes follow the last record of its group");
        }

        /// <summary>
        /// Moves to the end of the damage, the next place where a frame begins whose checksum fits a position of the
        /// group, and answers the last position before it. A flipped bit in a record leaves the length of its frame
        /// right; one in the length takes a search. A checksum fits by accident once in 2^64 places.
        /// </summary>
        private long SkipDamage()
        {
            var damaged = Position + 1;
            var effort = MaximumSearch;
            for (var start = RecordFrame.HeaderLength; start < _rest.Length && effort > 0; start++)
            {
                var rest = _rest[start..];
                var latest = Math.Min(_last, damaged + (start / RecordFrame.HeaderLength));
                for (var next = damaged + 1; next <= latest && RecordFrame.MayBegin(rest, out var length); next++, effort -= length)
                {
                    if (RecordFrame.TryRead(rest, next, out _, out _))
                    {
                        _rest = rest;
                        return Position = next - 1;
                    }
                }
            }

            _rest = default;
            return Position = _last;
        }
    }
}

/// <summary>Looks single records up.</summary>
public static class JournalLookup
{
    /// <summary>The record at a position; null when there is none, or it is damaged.</summary>
    public static byte[]? Find(this IJournal journal, long position)
    {
        if (journal.ReadAfter(position - 1) is not { } group || group.FirstPosition > position)
        {
            return null;
        }

        var records = group.Records;
        while (records.MoveNextSound())
        {
            if (records.Position == position)
            {
                return records.Record.ToArray();
            }
        }

        return null;
    }
}

/// <summary>Records of the journal cannot be read as they were written.</summary>
public sealed class JournalDamagedException(long position, long lastPosition, string reason)
    : IOException($"The journal is damaged at position {position}{(lastPosition > position ? $" to {lastPosition}" : "")}: {reason}.")
{
    /// <summary>The position of the first damaged record.</summary>
    public long Position { get; } = position;

    /// <summary>The position of the last damaged record.</summary>
    public long LastPosition { get; } = lastPosition;
}
