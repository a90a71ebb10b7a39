namespace Vitrine.Experiences.Conditions;

/// <summary>Holds when at least one part holds.</summary>
internal sealed class AnyOf(Condition[] parts) : Group(parts)
{
    public override bool Holds(Circumstances circumstances)
    {
        foreach (var part in Parts)
        {
            if (part.Holds(circumstances))
            {
                return true;
            }
        }

        return false;
    }

    public override ConditionExplanation Explain(Circumstances circumstances)
    {
        var parts = ExplainParts(circumstances);
        return new ConditionExplanation { Holds = parts.Any(static part => part.Holds), Any = parts };
    }
}
