namespace Vitrine.Journal;

/// <summary>The records that became durable with one fsync: consecutive positions, one payload.</summary>
/// <param name="FirstPosition">The position of the first record.</param>
/// <param name="Count">How many records there are; at least 1.</param>
/// <param name="Payload">The framed records, one behind the other.</param>
public sealed record JournalGroup(long FirstPosition, int Count, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The position of the last record.</summary>
    public long LastPosition => FirstPosition + Count - 1;

    /// <summary>Walks the records in order, checking each checksum.</summary>
    public RecordEnumerator Records => new(this);

    /// <summary>Walks the records of a group without copying them.</summary>
    public ref struct RecordEnumerator(JournalGroup group)
    {
        private ReadOnlySpan<byte> _rest = group.Payload.Span;

        /// <summary>The position of the current record.</summary>
        public long Position { get; private set; } = group.FirstPosition - 1;

        /// <summary>The bytes of the current record.</summary>
        public ReadOnlySpan<byte> Record { get; private set; }

        /// <summary>Steps to the next record. Throws <see cref="JournalDamagedException"/> when it is damaged.</summary>
        public bool MoveNext()
        {
            if (Position == group.LastPosition)
            {
                return _rest.IsEmpty
                    ? false
                    : throw new JournalDamagedException(Position, $"{_rest.Length} bytes follow the last record of its group");
            }

            Position++;
            if (!RecordFrame.TryRead(_rest, Position, out var record, out var reason))
            {
                throw new JournalDamagedException(Position, reason);
            }

            Record = record;
            _rest = _rest[(RecordFrame.HeaderLength + record.Length)..];
            return true;
        }
    }
}

/// <summary>A record of the journal cannot be read as it was written.</summary>
public sealed class JournalDamagedException(long position, string reason)
    : IOException($"The journal is damaged at position {position}: {reason}.")
{
    /// <summary>The position of the damaged record.</summary>
    public long Position { get; } = position;
}
