using System.Diagnostics;
using Prometheus;
using Vitrine.Projection.Deduplication;

namespace Vitrine.Projection;

/// <summary>What the projection counts: outcomes of events, batches, lag, and the set of uuids.</summary>
/// <remarks>The projector's thread counts in plain fields and publishes them at each commit.</remarks>
public sealed class ProjectionMetrics
{
    private readonly Counter.Child _stored;
    private readonly Counter.Child _duplicate;
    private readonly Counter.Child _rejected;
    private readonly Counter _quarantined;
    private readonly Counter _restarts;
    private readonly Histogram _batchSeconds;
    private readonly Gauge _lagRecords;
    private readonly Gauge _lagSeconds;
    private readonly Gauge _uuids;
    private readonly Gauge _uuidBytes;
    private readonly Gauge _uuidDiskBytes;
    private readonly Counter _spillsRefused;
    private readonly Gauge _profiles;
    private readonly Gauge _profileBytes;
    private readonly Gauge _profileDiskBytes;
    private readonly Counter _profileSpillsRefused;
    private readonly Counter _trimsFailed;
    private readonly Gauge _snapshotTime;
    private readonly CollectorRegistry _registry;
    private long _storedPending;
    private long _duplicatePending;
    private long _rejectedPending;
    private long _quarantinedPending;
    private long _batchStarted;

    /// <summary>Registers the figures.</summary>
    public ProjectionMetrics(CollectorRegistry registry)
    {
        _registry = registry;
        var factory = Metrics.WithCustomRegistry(registry);
        var events = factory.CreateCounter("vitrine_projection_events_total", "Events projected, by outcome.", "outcome");
        _stored = events.WithLabels("stored");
        _duplicate = events.WithLabels("duplicate");
        _rejected = events.WithLabels("rejected");
        _quarantined = factory.CreateCounter("vitrine_projection_quarantined_records_total", "Journal records that could not be read.");
        _restarts = factory.CreateCounter("vitrine_projection_restarts_total", "Times the projection was opened again after a fault.");
        _batchSeconds = factory.CreateHistogram(
            "vitrine_projection_batch_seconds",
            "Seconds per projection transaction.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 14) });
        _lagRecords = factory.CreateGauge("vitrine_projection_lag_records", "Journal records not yet projected.");
        _lagSeconds = factory.CreateGauge("vitrine_projection_lag_seconds", "Age of the newest projected record while others wait; 0 when none wait.");
        _uuids = factory.CreateGauge("vitrine_projection_uuids", "Uuids in the deduplication set.");
        _uuidBytes = factory.CreateGauge("vitrine_projection_uuid_bytes", "Memory of the deduplication set.");
        _uuidDiskBytes = factory.CreateGauge("vitrine_projection_uuid_disk_bytes", "Bytes of the deduplication set that went to the disk.");
        _spillsRefused = factory.CreateCounter(
            "vitrine_projection_uuid_spills_refused_total", "Times the disk refused uuids that had no more place in memory; they stayed there.");
        _profiles = factory.CreateGauge("vitrine_projection_profiles", "Profiles in memory.");
        _profileBytes = factory.CreateGauge("vitrine_projection_profile_bytes", "Memory of the profiles, without what finds them.");
        _profileDiskBytes = factory.CreateGauge("vitrine_projection_profile_disk_bytes", "Bytes of profiles that went to the disk.");
        _profileSpillsRefused = factory.CreateCounter(
            "vitrine_projection_profile_spills_refused_total", "Times the disk refused profiles that had no more place in memory; they stayed there.");
        _trimsFailed = factory.CreateCounter("vitrine_projection_trim_failures_total", "Times that the journal could not be trimmed, or no base or snapshot of the projection be taken; it is tried again each minute.");
        _snapshotTime = factory.CreateGauge("vitrine_cluster_snapshot_time_seconds", "When the newest snapshot of a cluster was taken that this node knows of, in Unix seconds; 0 while it knows of none. The leader looks each minute.");
    }

    /// <summary>In a cluster a snapshot is there.</summary>
    internal void SnapshotIsThere(DateTimeOffset takenAt) => _snapshotTime.Set(takenAt.ToUnixTimeSeconds());

    internal void TrimFailed() => _trimsFailed.Inc();

    internal void StartBatch() => _batchStarted = Stopwatch.GetTimestamp();

    internal void Stored() => _storedPending++;

    internal void Duplicate() => _duplicatePending++;

    internal void Rejected() => _rejectedPending++;

    internal void Quarantined(long records) => _quarantinedPending += records;

    internal void SpillRefused() => _spillsRefused.Inc();

    internal void ProfileSpillRefused() => _profileSpillsRefused.Inc();

    internal void ProfilesHold((long Count, long Bytes, long DiskBytes) size)
    {
        _profiles.Set(size.Count);
        _profileBytes.Set(size.Bytes);
        _profileDiskBytes.Set(size.DiskBytes);
    }

    internal void CommitBatch(CountedUuids uuids)
    {
        _stored.Inc(_storedPending);
        _duplicate.Inc(_duplicatePending);
        _rejected.Inc(_rejectedPending);
        _quarantined.Inc(_quarantinedPending);
        _uuids.Set(uuids.Count);
        _uuidBytes.Set(uuids.Bytes);
        _uuidDiskBytes.Set(uuids.DiskBytes);
        _batchSeconds.Observe(Stopwatch.GetElapsedTime(_batchStarted).TotalSeconds);
        ForgetBatch();
    }

    internal void Restarted()
    {
        ForgetBatch();
        _restarts.Inc();
    }

    /// <summary>Asks for the lag whenever the figures are collected, so that it is true when the projector stands still.</summary>
    internal void Watch(Func<(long Records, TimeSpan Age)> lag) => _registry.AddBeforeCollectCallback(() =>
    {
        var (records, age) = lag();
        _lagRecords.Set(records);
        _lagSeconds.Set(age.TotalSeconds);
    });

    private void ForgetBatch() => _storedPending = _duplicatePending = _rejectedPending = _quarantinedPending = 0;
}
