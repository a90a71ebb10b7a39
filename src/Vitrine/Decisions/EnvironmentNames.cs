using Vitrine.Experiences.Conditions;
using Vitrine.Projection.Behaviours;

namespace Vitrine.Decisions;

/// <summary>
/// What the conditions of an environment ask about, each with a slot. It only grows, so that what is compiled later
/// fits beside what was compiled before.
/// </summary>
internal sealed class EnvironmentNames
{
    /// <summary>How many questions are counted that only previews and simulations asked; the latest of them.</summary>
    private const int MaximumTried = 20;

    private readonly List<Behaviour> _tried = [];
    private HashSet<Behaviour> _live = [];
    private HashSet<Behaviour> _before = []; // Requests that began before the last change still ask these.

    /// <summary>Attributes of users.</summary>
    public AttributeNames User { get; } = new();

    /// <summary>Attributes of requests.</summary>
    public AttributeNames Request { get; } = new();

    /// <summary>Questions about what users did.</summary>
    public BehaviourNames Behaviours { get; } = new();

    /// <summary>Where the answers to those come from, by slot. A younger question has none yet.</summary>
    public IReadOnlyList<CountedBehaviour> Counted { get; private set; } = [];

    /// <summary>Says which questions are decided by, and finds out where their answers come from. One thread at a time.</summary>
    public void CountLive(HashSet<Behaviour> live, Func<Behaviour, CountedBehaviour> count)
    {
        (_before, _live) = (_live, live);
        Count(count);
    }

    /// <summary>The same for questions that are only tried. One thread at a time, the same as for those that are decided by.</summary>
    public void CountTried(IReadOnlyList<Behaviour> tried, Func<Behaviour, CountedBehaviour> count)
    {
        _tried.RemoveAll(tried.Contains);
        _tried.AddRange(tried.Where(one => !_live.Contains(one)));
        if (_tried.Count > MaximumTried)
        {
            _tried.RemoveRange(0, _tried.Count - MaximumTried);
        }

        Count(count);
    }

    /// <summary>What is counted for the environment.</summary>
    public IEnumerable<BehaviourWatch> Watches => Counted.Select(static one => one.Watch).OfType<BehaviourWatch>();

    private void Count(Func<Behaviour, CountedBehaviour> count) =>
        Counted = [.. Behaviours.All.Select(one => _live.Contains(one) || _before.Contains(one) || _tried.Contains(one) ? count(one) : CountedBehaviour.Unasked)];
}
