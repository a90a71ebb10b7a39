using Prometheus;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>What the door for goal events counts: requests by outcome and events by whether they came in.</summary>
public sealed class GoalsMetrics
{
    private readonly Counter _requests;
    private readonly Counter.Child _acceptedEvents;
    private readonly Counter _rejectedEvents;

    /// <summary>Registers the figures.</summary>
    public GoalsMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        _requests = factory.CreateCounter(
            "vitrine_goals_requests_total", "Requests to report goal events, by outcome: accepted, or the status of the refusal.", "outcome");
        _acceptedEvents = factory.CreateCounter(
            "vitrine_goals_events_accepted_total", "Goal events made durable; whether new or duplicate is counted by the projection.").WithLabels();
        _rejectedEvents = factory.CreateCounter("vitrine_goals_events_rejected_total", "Goal events refused, by reason.", "reason");
    }

    internal void Accepted(GoalRequest request)
    {
        _requests.WithLabels("accepted").Inc();
        _acceptedEvents.Inc(request.Actions.Count);
        Rejected(request);
    }

    internal void Refused(int status, GoalRequest? request)
    {
        _requests.WithLabels(status.ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
        if (request is not null)
        {
            Rejected(request);
        }
    }

    private void Rejected(GoalRequest request)
    {
        foreach (var rejection in request.Rejections)
        {
            _rejectedEvents.WithLabels(rejection.Reason.Name()).Inc();
        }
    }
}
