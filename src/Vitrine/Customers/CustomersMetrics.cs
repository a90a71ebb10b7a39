using Prometheus;

namespace Vitrine.Customers;

/// <summary>What the door for attributes counts: requests by outcome.</summary>
public sealed class CustomersMetrics
{
    private readonly Counter _requests;
    private readonly Counter.Child _accepted;

    /// <summary>Registers the figures.</summary>
    public CustomersMetrics(CollectorRegistry registry)
    {
        _requests = Metrics.WithCustomRegistry(registry).CreateCounter(
            "vitrine_customers_requests_total", "Requests to set attributes of a customer, by outcome: accepted, or the status of the refusal.", "outcome");
        _accepted = _requests.WithLabels("accepted");
    }

    internal void Accepted() => _accepted.Inc();

    internal void Refused(int status) => _requests.WithLabels(status.ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
}
