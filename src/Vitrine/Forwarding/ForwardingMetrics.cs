using Prometheus;

namespace Vitrine.Forwarding;

/// <summary>What forwarding counts: <c>vitrine_forwarding_*</c>.</summary>
internal sealed class ForwardingMetrics
{
    private readonly CollectorRegistry _registry;
    private readonly Gauge _lagRecords;
    private readonly Gauge _lagSeconds;
    private readonly Counter _sent;
    private readonly Counter _failures;
    private readonly Gauge _aside;
    private readonly Counter _missed;
    private readonly Gauge _held;
    private readonly Gauge _stopped;
    private readonly Counter _dropped;

    /// <summary>Registers the figures.</summary>
    public ForwardingMetrics(CollectorRegistry registry)
    {
        _registry = registry;
        var factory = Metrics.WithCustomRegistry(registry);
        _lagRecords = factory.CreateGauge("vitrine_forwarding_lag_records", "Journal records behind a target's bookmark.", "target");
        _lagSeconds = factory.CreateGauge("vitrine_forwarding_lag_seconds", "Age of the oldest event that a target still has to be sent; 0 when none waits.", "target");
        _sent = factory.CreateCounter("vitrine_forwarding_sent_total", "Events and attributes that a target has taken, repetitions included.", "target");
        _failures = factory.CreateCounter("vitrine_forwarding_failures_total", "Tries that failed and are made again.", "target");
        _aside = factory.CreateGauge("vitrine_forwarding_set_aside", "Events that a target refused and that wait to be replayed.", "target");
        _missed = factory.CreateCounter("vitrine_forwarding_missed_records_total", "Journal records that were gone before a target could be sent them.", "target");
        _held = factory.CreateGauge("vitrine_forwarding_held_bytes", "Bytes of the journal that are kept only because a target still has to be sent them.");
        _stopped = factory.CreateGauge("vitrine_forwarding_stopped", "1 where nothing is forwarded to a target, because what is kept of it cannot be read or does not fit.", "target");
        _dropped = factory.CreateCounter("vitrine_forwarding_comparisons_dropped_total", "Refused requests that were not compared, because too many waited or the target did not answer.", "target");
    }

    /// <summary>Asks for the lags and the held bytes whenever the figures are read.</summary>
    public void Watch(Func<IEnumerable<(string Target, long Records, TimeSpan Age, long? Aside, bool IsStopped)>> lags, Func<long> heldBytes) => _registry.AddBeforeCollectCallback(() =>
    {
        foreach (var (target, records, age, aside, isStopped) in lags())
        {
            _lagRecords.WithLabels(target).Set(records);
            _lagSeconds.WithLabels(target).Set(age.TotalSeconds);
            if (aside is { } count)
            {
                _aside.WithLabels(target).Set(count);
            }

            _stopped.WithLabels(target).Set(isStopped ? 1 : 0);
            _sent.WithLabels(target);
            _failures.WithLabels(target);
            _missed.WithLabels(target);
        }

        _held.Set(heldBytes());
    });

    /// <summary>Items were taken.</summary>
    public void Sent(string target, int items) => _sent.WithLabels(target).Inc(items);

    /// <summary>A try has failed.</summary>
    public void Failed(string target) => _failures.WithLabels(target).Inc();

    /// <summary>Records were gone.</summary>
    public void Missed(string target, long records) => _missed.WithLabels(target).Inc(records);

    /// <summary>A refused request was not compared.</summary>
    public void Dropped(string target) => _dropped.WithLabels(target).Inc();
}
