namespace Vitrine.Experiences.Conditions;

/// <summary>How often the user did something.</summary>
internal sealed class BehaviourSource(BehaviourNames names, Behaviour behaviour) : LeafSource
{
    private int _slot = -1;

    /// <summary>What is asked.</summary>
    public Behaviour Behaviour => behaviour;

    public override bool AsksAboutUser => true;

    public override void Bind() => _slot = names.SlotOf(behaviour);

    public override Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        values = circumstances.User;
        value = default;
        if (!circumstances.KnowsUser)
        {
            return Verdict.UnknownUser;
        }

        var count = circumstances.Behaviours?.Count(_slot) ?? -1;
        if (count < 0)
        {
            return Verdict.UnknownCount;
        }

        value = new AttributeValue(AttributeKind.Number, 0, 0, count);
        return Verdict.Holds;
    }
}
