using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>What the customer of a decision did, for the questions of his environment.</summary>
internal sealed class CustomerBehaviours : BehaviourCounts
{
    private int _known;

    /// <inheritdoc/>
    public override long Count(int slot) => slot < _known ? 0 : -1;

    /// <summary>Forgets the customer.</summary>
    public void Clear() => _known = 0;
}
