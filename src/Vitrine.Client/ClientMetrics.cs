using System.Diagnostics.Metrics;

namespace Vitrine.Client;

/// <summary>What a client counts, under the meter <c>Vitrine.Client</c>.</summary>
internal sealed class ClientMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Vitrine.Client";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _queued;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _requests;
    private long _allDropped;

    public ClientMetrics(Func<int> waiting)
    {
        _queued = _meter.CreateCounter<long>("vitrine.client.events.queued", "{event}", "Events that were reported.");
        _delivered = _meter.CreateCounter<long>("vitrine.client.events.delivered", "{event}", "Events that the server acknowledged.");
        _dropped = _meter.CreateCounter<long>("vitrine.client.events.dropped", "{event}", "Events that were given up, by reason: refused by the server, full, or in memory as the process ended.");
        _requests = _meter.CreateHistogram<double>("vitrine.client.request.duration", "s", "Requests that report events, by HTTP status; 0 without an answer.");
        _meter.CreateObservableGauge("vitrine.client.queue.events", () => waiting(), "{event}", "Events that wait to be sent.");
    }

    /// <summary>Events that were given up, since the start.</summary>
    public long AllDropped => Interlocked.Read(ref _allDropped);

    public void Queued() => _queued.Add(1);

    public void Delivered(int count) => _delivered.Add(count);

    public void Dropped(int count, string reason)
    {
        Interlocked.Add(ref _allDropped, count);
        _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Sent(TimeSpan duration, int status) => _requests.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();
}
