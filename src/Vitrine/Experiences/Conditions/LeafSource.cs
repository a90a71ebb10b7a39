namespace Vitrine.Experiences.Conditions;

/// <summary>Where the value is that a leaf asks about.</summary>
internal abstract class LeafSource
{
    /// <summary>Whether the value belongs to the user.</summary>
    public virtual bool AsksAboutUser => false;

    /// <summary>Takes the slot. Called once, when the whole condition is known to be good, before anybody asks.</summary>
    public virtual void Bind()
    {
    }

    /// <summary>Finds the value.</summary>
    /// <returns><see cref="Verdict.Holds"/> when there is one, otherwise why there is none.</returns>
    public abstract Verdict Find(Circumstances circumstances, out AttributeValues values, out AttributeValue value);
}
