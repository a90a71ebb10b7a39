using Prometheus;
using Vitrine.Projection.Lookups;

namespace Vitrine.Cluster;

/// <summary>What a node that keeps no projection counts of its questions to others.</summary>
internal sealed class LookupMetrics
{
    private readonly Counter.Child[] _outcomes;
    private readonly Histogram _seconds;

    /// <summary>Registers the figures.</summary>
    public LookupMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        var outcomes = factory.CreateCounter("vitrine_cluster_lookups_total", "Questions to nodes that project about what is stored of a customer, by outcome.", "outcome");
        _outcomes = [.. Enum.GetNames<LookupOutcome>().Select(name => outcomes.WithLabels(name.ToLowerInvariant()))];
        _seconds = factory.CreateHistogram(
            "vitrine_cluster_lookup_seconds",
            "Seconds until such a question was answered or given up.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.00025, 2, 13) });
    }

    /// <summary>A question has come to its end.</summary>
    public void Asked(LookupOutcome outcome, TimeSpan duration)
    {
        _outcomes[(int)outcome].Inc();
        _seconds.Observe(duration.TotalSeconds);
    }
}
