namespace Vitrine.Experiences.Conditions;

/// <summary>
/// A condition on the circumstances of a decision, made by <see cref="ConditionCompiler"/>. Immutable; any number of
/// threads may ask it at once, each about circumstances of its own.
/// </summary>
public abstract class Condition
{
    private protected Condition()
    {
    }

    /// <summary>
    /// Whether any part asks about the user: an attribute of the profile, or what the user did. An anonymous visitor
    /// gets only audiences that do not.
    /// </summary>
    public abstract bool AsksAboutUser { get; }

    /// <summary>The names of the user attributes it asks about, each once.</summary>
    public IEnumerable<string> UserAttributes => Leaves().Where(static leaf => leaf.Source is UserSource).Select(static leaf => leaf.Name).Distinct();

    /// <summary>The questions about behaviour that it asks, each once.</summary>
    public IEnumerable<Behaviour> Behaviours => Leaves().Select(static leaf => leaf.Source).OfType<BehaviourSource>().Select(static source => source.Behaviour).Distinct();

    /// <summary>Whether it holds. A part that cannot be evaluated is false.</summary>
    public abstract bool Holds(Circumstances circumstances);

    /// <summary>Whether it holds, and why: every part is evaluated.</summary>
    public abstract ConditionExplanation Explain(Circumstances circumstances);

    internal abstract IEnumerable<Leaf> Leaves();
}
