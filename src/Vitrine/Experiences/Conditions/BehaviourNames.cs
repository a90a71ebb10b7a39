namespace Vitrine.Experiences.Conditions;

/// <summary>
/// The questions about behaviour that conditions of one environment ask, each with a slot: a small number from 0 that
/// never changes.
/// </summary>
/// <remarks>
/// Any thread may ask while others add, which take turns under a lock. The list that is read is replaced, never
/// changed: a reader sees all of a list that held when it asked.
/// </remarks>
public sealed class BehaviourNames
{
    private readonly Lock _adding = new();
    private readonly Dictionary<Behaviour, int> _slots = [];
    private Behaviour[] _behaviours = [];

    /// <summary>How many have a slot; slots are 0 to this, exclusive. It only grows.</summary>
    public int Count => Volatile.Read(ref _behaviours).Length;

    /// <summary>The questions in the order of their slots.</summary>
    public IReadOnlyList<Behaviour> All => Volatile.Read(ref _behaviours);

    /// <summary>The slot of a question, which gets one when it has none.</summary>
    public int SlotOf(Behaviour behaviour)
    {
        lock (_adding)
        {
            if (!_slots.TryGetValue(behaviour, out var slot))
            {
                slot = _behaviours.Length;
                _slots.Add(behaviour, slot);
                Volatile.Write(ref _behaviours, [.. _behaviours, behaviour]);
            }

            return slot;
        }
    }

    /// <summary>The question that has a slot.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such slot.</exception>
    public Behaviour At(int slot) => Volatile.Read(ref _behaviours)[slot];
}
