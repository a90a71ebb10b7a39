namespace Vitrine.Experiences.Conditions;

/// <summary>Holds when its part does not, be it that the part cannot be evaluated.</summary>
internal sealed class Not(Condition part) : Condition
{
    public override bool AsksAboutUser => part.AsksAboutUser;

    public override bool Holds(Circumstances circumstances) => !part.Holds(circumstances);

    public override ConditionExplanation Explain(Circumstances circumstances)
    {
        var explanation = part.Explain(circumstances);
        return new ConditionExplanation { Holds = !explanation.Holds, Not = explanation };
    }

    internal override IEnumerable<Leaf> Leaves() => part.Leaves();
}
