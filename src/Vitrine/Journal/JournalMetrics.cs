using Prometheus;

namespace Vitrine.Journal;

/// <summary>What the journal counts: <c>vitrine_journal_*</c>.</summary>
public sealed class JournalMetrics
{
    private readonly Histogram _groupRecords;
    private readonly Histogram _groupSeconds;
    private readonly Counter _bytes;
    private readonly Counter _refused;

    /// <summary>Registers the figures.</summary>
    public JournalMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        _groupRecords = factory.CreateHistogram(
            "vitrine_journal_group_records",
            "Records that became durable with one fsync.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 12) });
        _groupSeconds = factory.CreateHistogram(
            "vitrine_journal_group_seconds",
            "Seconds from taking a commit group to its fsync.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 2, 16) });
        _bytes = factory.CreateCounter("vitrine_journal_bytes_total", "Bytes of framed records made durable.");
        _refused = factory.CreateCounter("vitrine_journal_refused_records_total", "Records that the disk refused.");
    }

    internal void Committed(int records, int bytes, TimeSpan elapsed)
    {
        _groupRecords.Observe(records);
        _groupSeconds.Observe(elapsed.TotalSeconds);
        _bytes.Inc(bytes);
    }

    internal void Refused(int records) => _refused.Inc(records);
}
