namespace Vitrine.Reports;

/// <summary>How reports behave. Immutable; checked at start.</summary>
public sealed record ReportsOptions
{
    /// <summary>
    /// Memory for the pages that reports keep between them, in bytes. Default: an eighth of the machine's. 0: none are
    /// kept, and every report reads the events themselves. A report whose own pages would take more than half of it
    /// does so too.
    /// </summary>
    public long PageMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8;

    /// <summary>Events that are read at once to make pages of: a second's work. Smaller only in tests.</summary>
    internal long PageEventsAtOnce { get; init; } = 10_000_000;

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (PageMemoryBytes < 0)
        {
            yield return $"The memory for report pages cannot be less than none; {PageMemoryBytes} bytes are configured.";
        }
    }
}
