using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>What the customer of a decision did, for the questions of his environment.</summary>
/// <remarks>For one thread at a time. A count is looked up once in a decision, so that it does not change within it.</remarks>
internal sealed class CustomerBehaviours : BehaviourCounts
{
    private readonly List<long?> _known = [];
    private FetchRequest? _request;
    private IReadOnlyList<CountedBehaviour> _counted = [];

    /// <summary>Whose behaviour is asked about.</summary>
    public void Ask(FetchRequest request, EnvironmentNames names) => (_request, _counted) = (request, names.Counted);

    /// <inheritdoc/>
    public override long Count(int slot)
    {
        while (_known.Count <= slot)
        {
            _known.Add(null);
        }

        return _known[slot] ??= LookUp(slot);
    }

    /// <summary>Forgets the customer.</summary>
    public void Clear()
    {
        _known.Clear();
        (_request, _counted) = (null, []);
    }

    private long LookUp(int slot) =>
        _request is null || slot >= _counted.Count || _counted[slot] == CountedBehaviour.Unasked ? -1
        : _counted[slot].Watch is { } watch ? watch.Count(_request.CustomerId.Written, _request.Circumstances.Now, _counted[slot].Days)
        : 0;
}
