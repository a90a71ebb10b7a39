namespace Vitrine.Experiences.Conditions;

/// <summary>What the user of a decision did, for the questions of a <see cref="BehaviourNames"/>.</summary>
/// <remarks>Asked on the hot path by one thread at a time; an answer must not change within a decision.</remarks>
public abstract class BehaviourCounts
{
    /// <summary>How many such events there are; −1 when that cannot be told now.</summary>
    /// <param name="slot">The question's slot. It may be younger than what is known: then −1.</param>
    public abstract long Count(int slot);
}
