namespace Vitrine.Projection;

/// <summary>How the projection behaves. Immutable; checked at start.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Events after which a transaction is committed though more are waiting. Default 250,000: beyond some 123,000, the size
    /// of its row groups, DuckDB writes rows to the file at once, and not first to its log and then again at a checkpoint. 64 MiB of the
    /// journal end one too.</summary>
    public int BatchEvents { get; init; } = 250_000;

    /// <summary>Memory that DuckDB may use, in bytes. Default: a quarter of the machine's, at least 256 MiB.</summary>
    public long MemoryLimitBytes { get; init; } =
        Math.Max(256L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>
    /// Memory for the uuids that tell a repeated event, in bytes: 20–40 for each. Beyond it the oldest go to the disk, and
    /// 1.6–1.7 bytes for each of those stay in memory. Default: an eighth of the machine's memory, at least 64 MiB.
    /// </summary>
    public long DeduplicationMemoryBytes { get; init; } =
        Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>
    /// Memory for the profiles of customers, in bytes: of each the attributes as JSON, the customer's id and 42 bytes. Beyond
    /// it the oldest go to the disk; to find them, 36–72 bytes for each profile and 44–88 for each <c>u_em</c> and
    /// <c>u_mb</c> stay in memory. Default: an eighth of the machine's memory, at least 64 MiB.
    /// </summary>
    public long ProfileMemoryBytes { get; init; } =
        Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>Reports and receipts that may run at once; more of them wait. Default 4.</summary>
    public int ConcurrentReads { get; init; } = 4;

    /// <summary>Exports that may run at once; more of them wait. Default 2.</summary>
    public int ConcurrentExports { get; init; } = 2;

    /// <summary>How long a report or receipt may take. Default 60 s.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an export may take, the client's download included. Default 1 h.</summary>
    public TimeSpan ExportLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a report or an export waits for its turn before it is answered 503. Default 15 s.</summary>
    public TimeSpan TurnPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Old events that become hourly figures in one statement, about, in stretches of whole hours. Default a million, which 256 MiB suffice for.</summary>
    public int RetentionEventsAtOnce { get; init; } = 1_000_000;

    /// <summary>How often the journal's retention is looked after. Default 1 min.</summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (BatchEvents < 1)
        {
            yield return $"A projection batch holds at least 1 event; {BatchEvents} are configured.";
        }

        if (MemoryLimitBytes < 64 << 20)
        {
            yield return $"DuckDB needs at least 64 MiB; {MemoryLimitBytes} bytes are configured.";
        }

        if (DeduplicationMemoryBytes < 16 << 20)
        {
            yield return $"Deduplication needs at least 16 MiB of memory; {DeduplicationMemoryBytes} bytes are configured.";
        }

        if (ProfileMemoryBytes < 16 << 20)
        {
            yield return $"Profiles need at least 16 MiB of memory; {ProfileMemoryBytes} bytes are configured.";
        }

        if (ConcurrentReads < 1 || ConcurrentExports < 1)
        {
            yield return $"At least 1 read and 1 export must be allowed at once; {ConcurrentReads} and {ConcurrentExports} are configured.";
        }
    }
}
