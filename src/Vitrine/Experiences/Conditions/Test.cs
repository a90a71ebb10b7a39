namespace Vitrine.Experiences.Conditions;

/// <summary>What an operator and its value ask of an attribute's value. Immutable, and allocates nothing.</summary>
internal abstract class Test
{
    /// <summary>Asks it of a value that is there, and no list.</summary>
    public abstract Verdict Of(scoped in Scalar value, Circumstances circumstances);

    /// <summary>Asks it of one element of a list.</summary>
    public virtual Verdict OfElement(scoped in Scalar value, Circumstances circumstances) => Of(in value, circumstances);
}
