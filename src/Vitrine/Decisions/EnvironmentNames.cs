using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>
/// What the conditions of an environment ask about, each with a slot. It only grows, so that what is compiled later
/// fits beside what was compiled before.
/// </summary>
internal sealed class EnvironmentNames
{
    /// <summary>Attributes of users.</summary>
    public AttributeNames User { get; } = new();

    /// <summary>Attributes of requests.</summary>
    public AttributeNames Request { get; } = new();

    /// <summary>Questions about what users did.</summary>
    public BehaviourNames Behaviours { get; } = new();

    /// <summary>Where the answers to those come from, by slot. A younger question has none yet.</summary>
    public IReadOnlyList<CountedBehaviour> Counted { get; private set; } = [];

    /// <summary>Finds out where the answers to new questions come from. One thread at a time.</summary>
    public void CountNew(Func<Behaviour, CountedBehaviour> count)
    {
        var behaviours = Behaviours.All;
        if (behaviours.Count > Counted.Count)
        {
            Counted = [.. Counted, .. behaviours.Skip(Counted.Count).Select(count)];
        }
    }
}
