namespace Vitrine.Forwarding;

/// <summary>Where events are forwarded to, and the limits of it.</summary>
public sealed record ForwardingOptions
{
    /// <summary>The targets. Default: none.</summary>
    public IReadOnlyList<ForwardTarget> Targets { get; init; } = [];

    /// <summary>Records of the journal that are read at once. Default 2,000.</summary>
    public int BatchRecords { get; init; } = 2_000;

    /// <summary>Bytes of events that a target holds in memory at once, above which it reads no further record. Default 4 MiB.</summary>
    public int BatchBytes { get; init; } = 4 << 20;

    /// <summary>How long one try may take. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause after the first failure, which doubles with each further one. Default 250 ms.</summary>
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest such pause. Default 1 minute.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause after one.</summary>
    public TimeSpan After(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    /// <summary>After how long it is asked again, before anything is sent, whether what is at hand still counts: it may have been erased meanwhile. Default 30 s.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a refused request may wait to be compared. Default 5 minutes.</summary>
    public TimeSpan ComparisonPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of refused requests that wait to be compared, of each target. Default 16 MiB.</summary>
    public int ComparisonBytes { get; init; } = 16 << 20;
}
