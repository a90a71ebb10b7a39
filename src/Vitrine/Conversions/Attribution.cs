namespace Vitrine.Conversions;

/// <summary>Finds for each goal event the touch that it counts for: the last one of its customer that is not behind it.</summary>
/// <remarks>
/// <para>
/// Exact, and independent of the order in which touches and goal events came: of a customer's goal events, sorted by
/// time, a touch is noted at the first that is not before it, where the latest touch stays. The last touch before any
/// goal event is then the latest that was noted there or at an earlier one. Two touches of the same second are told
/// apart by what they say (context, platform, click target); where that is the same too, it does not matter which it is.
/// </para>
/// <para>
/// A touch costs a search among the customer's goal events, so that one customer with very many of both does not take
/// longer than many customers with few. Belongs to one thread.
/// </para>
/// </remarks>
internal sealed class Attribution : ITouchReader
{
    private readonly GoalEvents _goals;
    private readonly AttributionModel _model;
    private readonly long _windowSeconds;
    private readonly ClickTargetOrder _targets;
    private readonly Touch[] _latest;
    private bool _isSettled;

    /// <summary>Starts with no touch.</summary>
    /// <param name="goals">The goal events.</param>
    /// <param name="model">What they count for.</param>
    /// <param name="windowHours">The experience's attribution window.</param>
    /// <param name="targets">Orders the click targets of the touches.</param>
    public Attribution(GoalEvents goals, AttributionModel model, int windowHours, ClickTargetOrder targets)
    {
        (_goals, _model, _targets) = (goals, model, targets);
        _windowSeconds = model.WindowSeconds(windowHours);
        _latest = new Touch[goals.All.Length];
        Array.Fill(_latest, Touch.None);
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<Touch> touches)
    {
        var action = _model.Touch();
        foreach (ref readonly var touch in touches)
        {
            if (touch.Action == action)
            {
                Note(in touch);
            }
        }
    }

    /// <summary>Tells each conversion whose touch lies in a stretch of time: customer by customer, and in the order of the goal events.</summary>
    /// <param name="from">Unix seconds.</param>
    /// <param name="to">The end, which does not belong to it.</param>
    /// <param name="conversion">What is done with it.</param>
    public void Tell(long from, long to, Conversion conversion)
    {
        Settle();
        var goals = _goals.All;
        for (var index = 0; index < goals.Length; index++)
        {
            ref readonly var touch = ref _latest[index];
            if (touch.Time >= from && touch.Time < to && goals[index].Time - touch.Time <= _windowSeconds)
            {
                conversion(in goals[index], in touch);
            }
        }
    }

    private void Note(in Touch touch)
    {
        var (first, end) = _goals.Of(touch.Customer);
        if (first == end)
        {
            return;
        }

        var times = _goals.Times;
        var behind = end;
        while (first < end)
        {
            var middle = (first + end) >>> 1;
            (first, end) = times[middle] < touch.Time ? (middle + 1, end) : (first, middle);
        }

        if (first < behind && IsLater(in touch, in _latest[first]))
        {
            _latest[first] = touch;
        }
    }

    private void Settle()
    {
        if (_isSettled)
        {
            return;
        }

        _isSettled = true;
        var goals = _goals.All;
        for (var index = 1; index < goals.Length; index++)
        {
            if (goals[index].Customer == goals[index - 1].Customer && IsLater(in _latest[index - 1], in _latest[index]))
            {
                _latest[index] = _latest[index - 1];
            }
        }
    }

    private bool IsLater(in Touch touch, in Touch than) =>
        touch.Time != than.Time ? touch.Time > than.Time
        : touch.Context != than.Context ? touch.Context > than.Context
        : touch.Platform != than.Platform ? touch.Platform > than.Platform
        : _targets.Compare(touch.ClickTarget, than.ClickTarget) > 0;
}

/// <summary>Takes a goal event and the touch that it counts for.</summary>
internal delegate void Conversion(in GoalEvent goal, in Touch touch);
