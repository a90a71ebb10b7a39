namespace Vitrine.Journal;

/// <summary>How the embedded journal behaves. Immutable; checked at start.</summary>
public sealed record JournalOptions
{
    /// <summary>
    /// Bytes of records that may wait for the disk before further requests are answered 503. Default 64 MiB, at least
    /// 8 MiB: the record of one refused request can take 4 MiB, 10,000 refusals with their reasons. Bounds memory when
    /// the disk stalls.
    /// </summary>
    public long QueueBytes { get; init; } = 64L << 20;

    /// <summary>Bytes after which a commit group is closed even though more is waiting. Default 4 MiB.</summary>
    public int GroupBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of recent groups kept in memory for readers that follow closely. Default 32 MiB.</summary>
    public long TailBytes { get; init; } = 32L << 20;

    /// <summary>
    /// Free bytes below which the disk counts as full, so that the projection can still finish what is accepted.
    /// Default: 64 MiB, or a twentieth of the volume where that is less.
    /// </summary>
    public long? ReservedBytes { get; init; }

    /// <summary>Records older than this may be trimmed once they are in the projection's base. Default: never.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>Records beyond this many bytes, oldest first, may be trimmed likewise. Default: no limit.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>The names of options that are out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (QueueBytes < 8 << 20)
        {
            yield return $"The journal's queue must hold at least 8 MiB; {QueueBytes} bytes are configured.";
        }

        if (RetentionAge < TimeSpan.FromMinutes(1))
        {
            yield return $"Journal retention by age must be a minute or more; {RetentionAge} is configured.";
        }

        if (RetentionBytes < 1 << 20)
        {
            yield return $"Journal retention by size must be 1 MiB or more; {RetentionBytes} bytes are configured.";
        }
    }
}
