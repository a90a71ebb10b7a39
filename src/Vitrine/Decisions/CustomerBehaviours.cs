using System.Runtime.InteropServices;
using Vitrine.Experiences.Conditions;
using Vitrine.Projection.Lookups;

namespace Vitrine.Decisions;

/// <summary>What the customer of a decision did, for the questions of his environment.</summary>
/// <remarks>For one thread at a time. A count is looked up once in a decision, or was told before it, so that it does not change within it.</remarks>
internal sealed class CustomerBehaviours(CustomerQuestion question) : BehaviourCounts
{
    private readonly List<long?> _known = [];
    private readonly List<int> _asked = []; // The slots of the question's behaviours, in their order.
    private IReadOnlyList<CountedBehaviour>? _counted; // One state of it for the whole decision.

    /// <summary>Says of which environment the questions are.</summary>
    public void Begin(EnvironmentNames names) => _counted ??= names.Counted;

    /// <summary>Notes what a decision may ask. What nobody can have done need not be asked.</summary>
    /// <param name="slots">Its questions.</param>
    /// <param name="names">Of its environment.</param>
    public void Ask(ReadOnlySpan<int> slots, EnvironmentNames names)
    {
        Begin(names);
        foreach (var slot in slots)
        {
            if (!_asked.Contains(slot) && Of(slot) is { Watch: { } watch, Days: var days })
            {
                _asked.Add(slot);
                question.Behaviours.Add(new AskedBehaviour(watch, days));
            }
        }
    }

    /// <summary>Takes over what the question was told.</summary>
    public void TakeOver()
    {
        for (var index = 0; index < question.Counts.Count; index++)
        {
            Known(_asked[index]) = question.Counts[index];
        }
    }

    /// <inheritdoc/>
    public override long Count(int slot) => Known(slot) ??= LookUp(slot);

    /// <summary>Forgets the customer, and what was asked.</summary>
    public void Clear()
    {
        _known.Clear();
        _asked.Clear();
        _counted = null;
    }

    private ref long? Known(int slot)
    {
        while (_known.Count <= slot)
        {
            _known.Add(null);
        }

        return ref CollectionsMarshal.AsSpan(_known)[slot];
    }

    private long LookUp(int slot)
    {
        var counted = Of(slot);
        return counted == CountedBehaviour.Unasked ? -1 : counted.Watch?.Count(question.CustomerId.Written, question.Now, counted.Days) ?? 0;
    }

    private CountedBehaviour Of(int slot) => _counted is { } counted && slot < counted.Count ? counted[slot] : CountedBehaviour.Unasked;
}
