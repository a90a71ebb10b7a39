namespace Vitrine.Experiences.Conditions;

/// <summary>What <see cref="AllOf"/> and <see cref="AnyOf"/> have in common.</summary>
internal abstract class Group(Condition[] parts) : Condition
{
    public sealed override bool AsksAboutUser { get; } = parts.Any(static part => part.AsksAboutUser);

    protected ReadOnlySpan<Condition> Parts => parts;

    internal sealed override IEnumerable<Leaf> Leaves() => parts.SelectMany(static part => part.Leaves());

    protected ConditionExplanation[] ExplainParts(Circumstances circumstances) => [.. parts.Select(part => part.Explain(circumstances))];
}
