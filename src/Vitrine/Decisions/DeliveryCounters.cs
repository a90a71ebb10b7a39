using System.Collections.Concurrent;

namespace Vitrine.Decisions;

/// <summary>The counters of all deliveries, whatever is live by now: one that was delivered a moment ago by a version that is not any more is counted all the same.</summary>
internal sealed class DeliveryCounters
{
    private readonly ConcurrentDictionary<Delivery, DeliveryCounter> _counters = new();

    /// <summary>The counter of a delivery; the same one each time.</summary>
    public DeliveryCounter Of(Delivery delivery) => _counters.GetOrAdd(delivery, static delivery => new DeliveryCounter(delivery));

    /// <summary>Takes what was counted since the last time.</summary>
    public List<(Delivery Delivery, long Hour, long Count)> Take()
    {
        var taken = new List<(Delivery Delivery, long Hour, long Count)>();
        foreach (var counter in _counters.Values)
        {
            counter.Take(taken);
        }

        return taken;
    }

    /// <summary>Gives back what was taken and could not be kept.</summary>
    public void GiveBack(IEnumerable<(Delivery Delivery, long Hour, long Count)> counts)
    {
        foreach (var (delivery, hour, count) in counts)
        {
            Of(delivery).GiveBack(hour, count);
        }
    }
}
