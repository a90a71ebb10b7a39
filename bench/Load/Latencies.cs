namespace Vitrine.Load;

/// <summary>How long answers took.</summary>
/// <remarks>
/// wrk adds to what it measured: a request that took several times as long as its connection's requests take on average
/// is counted as if others, sent in time, had waited behind it (wrk.c, <c>stats_correct</c>). That is right for an open
/// loop; this one is closed, its connections send nothing while they wait. Both are reported: what was measured, and what wrk makes of it.
/// </remarks>
internal sealed class Latencies
{
    private readonly SortedDictionary<long, long> _corrected = [];
    private readonly SortedDictionary<long, long> _measured = [];

    /// <summary>Takes what was added out again, from the longest latency on down.</summary>
    /// <param name="corrected">wrk's figures: microseconds and how many.</param>
    /// <param name="expected">The microseconds that wrk expects a request to take.</param>
    public Latencies(IEnumerable<(long Microseconds, long Count)> corrected, long expected)
    {
        foreach (var (microseconds, count) in corrected)
        {
            _corrected[microseconds] = _measured[microseconds] = count;
        }

        foreach (var microseconds in _corrected.Keys.Reverse().TakeWhile(microseconds => microseconds >= 2 * expected))
        {
            var count = _measured[microseconds];
            for (var added = microseconds - expected; count > 0 && added > expected; added -= expected)
            {
                _measured[added] -= count;
            }
        }
    }

    /// <summary>So many percent of the requests took no longer.</summary>
    public TimeSpan Measured(double percent) => Percentile(_measured, percent);

    /// <summary>The same with wrk's correction.</summary>
    public TimeSpan Corrected(double percent) => Percentile(_corrected, percent);

    private static TimeSpan Percentile(SortedDictionary<long, long> counts, double percent)
    {
        var left = counts.Values.Sum() * percent / 100;
        return TimeSpan.FromMicroseconds(counts.First(one => (left -= one.Value) <= 0).Key);
    }
}
