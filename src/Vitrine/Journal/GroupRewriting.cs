namespace Vitrine.Journal;

/// <summary>Says what takes the place of a record.</summary>
/// <param name="position">Where it stands.</param>
/// <param name="record">The record.</param>
/// <param name="replacement">Empty; what takes its place is appended to it.</param>
/// <returns>False when it stays as it is.</returns>
public delegate bool RecordRewriting(long position, ReadOnlySpan<byte> record, ByteWriter replacement);

/// <summary>Replaces records of a group.</summary>
internal static class GroupRewriting
{
    /// <summary>What takes the place of damaged bytes: no frame has so negative a length, so the next sound one is soon found.</summary>
    private const byte Nothing = 0xFF;

    /// <summary>The payload that takes a group's place; null when it stays.</summary>
    public static byte[]? Of(JournalGroup group, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo)
    {
        ByteWriter? payload = null; // Most groups stay, and are not copied.
        var replacement = new ByteWriter();
        var records = group.Records;
        var offset = 0;
        while (true)
        {
            bool isSound;
            try
            {
                if (!records.MoveNext())
                {
                    return payload?.Written.ToArray();
                }

                isSound = true;
            }
            catch (JournalDamagedException)
            {
                isSound = false;
            }

            var raw = group.Payload[offset..records.Offset];
            replacement.Clear();
            if (isSound && rewrite(records.Position, records.Record, replacement))
            {
                payload ??= Beginning(group, offset);
                RecordFrame.Append(payload, records.Position, replacement.Written);
            }
            else if (!isSound && mustGo(raw))
            {
                payload ??= Beginning(group, offset);
                payload.WriteRaw(Enumerable.Repeat(Nothing, raw.Length).ToArray());
            }
            else
            {
                payload?.WriteRaw(raw.Span);
            }

            offset = records.Offset;
        }
    }

    private static ByteWriter Beginning(JournalGroup group, int length)
    {
        var payload = new ByteWriter(group.Payload.Length);
        payload.WriteRaw(group.Payload.Span[..length]);
        return payload;
    }
}
