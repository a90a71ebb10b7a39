namespace Vitrine.Experiences.Conditions;

/// <summary>Holds when all parts hold; with no part, always.</summary>
internal sealed class AllOf(Condition[] parts) : Group(parts)
{
    public override bool Holds(Circumstances circumstances)
    {
        foreach (var part in Parts)
        {
            if (!part.Holds(circumstances))
            {
                return false;
            }
        }

        return true;
    }

    public override ConditionExplanation Explain(Circumstances circumstances)
    {
        var parts = ExplainParts(circumstances);
        return new ConditionExplanation { Holds = parts.All(static part => part.Holds), All = parts };
    }
}
