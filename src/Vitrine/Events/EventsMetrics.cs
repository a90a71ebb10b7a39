using Prometheus;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>What the door counts: requests by outcome and events by whether they came in.</summary>
public sealed class EventsMetrics
{
    private readonly Counter.Child _accepted;
    private readonly Counter.Child _unavailable;
    private readonly Counter.Child _unauthenticated;
    private readonly Counter.Child _unknownTenant;
    private readonly Counter.Child _originNotAllowed;
    private readonly Counter.Child _limited;
    private readonly Counter _requests;
    private readonly Counter.Child _acceptedEvents;
    private readonly Counter _rejectedEvents;

    /// <summary>Registers the figures.</summary>
    public EventsMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        _requests = factory.CreateCounter(
            "vitrine_events_requests_total", "Requests to report events, by outcome.", "outcome");
        _accepted = _requests.WithLabels("accepted");
        _unavailable = _requests.WithLabels("unavailable");
        _unauthenticated = _requests.WithLabels("unauthenticated");
        _unknownTenant = _requests.WithLabels("unknown_tenant");
        _originNotAllowed = _requests.WithLabels("origin_not_allowed");
        _limited = _requests.WithLabels("rate_limited");
        _acceptedEvents = factory.CreateCounter(
            "vitrine_events_accepted_total", "Events made durable; whether new or duplicate is counted by the projection.").WithLabels();
        _rejectedEvents = factory.CreateCounter(
            "vitrine_events_rejected_total", "Events refused, by reason.", "reason");
    }

    internal void Accepted(int events)
    {
        _accepted.Inc();
        _acceptedEvents.Inc(events);
    }

    internal void Unavailable() => _unavailable.Inc();

    internal void TurnedAway(int status) => (status switch
    {
        StatusCodes.Status401Unauthorized => _unauthenticated,
        StatusCodes.Status403Forbidden => _originNotAllowed,
        StatusCodes.Status429TooManyRequests => _limited,
        _ => _unknownTenant,
    }).Inc();

    internal void Refused(RejectionReason reason) => _requests.WithLabels(reason.Name()).Inc();

    internal void Rejected(IReadOnlyList<EventRejection> rejections)
    {
        for (var index = 0; index < rejections.Count; index++)
        {
            _rejectedEvents.WithLabels(rejections[index].Reason.Name()).Inc();
        }
    }
}
