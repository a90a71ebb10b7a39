using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>An audience ready to be asked: whether somebody belongs to it, and which variation he gets.</summary>
/// <remarks>Immutable; any number of threads may ask it at once.</remarks>
internal sealed class CompiledAudience
{
    private readonly int[] _ends;
    private readonly CompiledVariation[] _owners;

    /// <summary>Puts an audience together.</summary>
    public CompiledAudience(
        AudienceDocument document,
        Condition? match,
        Condition? exclude,
        Assignment assignment,
        Allocation allocation,
        IReadOnlyList<CompiledVariation> variations)
    {
        (Document, Match, Exclude, Assignment, Allocation) = (document, match, exclude, assignment, allocation);
        _ends = [.. allocation.Ranges.Select(static range => range.To)];
        _owners = [.. allocation.Ranges.Select(range => variations.Single(one => one.Document.Id == range.Variation))];
    }

    /// <summary>The audience as it was published.</summary>
    public AudienceDocument Document { get; }

    /// <summary>What a visitor meets; null: everybody does.</summary>
    public Condition? Match { get; }

    /// <summary>What keeps a visitor out; null: nothing does.</summary>
    public Condition? Exclude { get; }

    /// <summary>Deals visitors into buckets.</summary>
    public Assignment Assignment { get; }

    /// <summary>Whose the buckets are.</summary>
    public Allocation Allocation { get; }

    /// <summary>What it is shown by shares, each once.</summary>
    public IEnumerable<CompiledVariation> Variations => _owners.Distinct();

    /// <summary>Whether it can be told only of somebody who is known whether he belongs to it.</summary>
    public bool AsksAboutUser => Match?.AsksAboutUser == true || Exclude?.AsksAboutUser == true;

    /// <summary>What it asks about what a user did.</summary>
    public IEnumerable<Behaviour> Behaviours => (Match?.Behaviours ?? []).Concat(Exclude?.Behaviours ?? []);

    /// <summary>Whether somebody belongs to it.</summary>
    public bool Fits(in Visitor visitor, Circumstances circumstances) =>
        !(visitor.IsAnonymous && AsksAboutUser)
        && (Match is null || Match.Holds(circumstances))
        && (Exclude is null || !Exclude.Holds(circumstances));

    /// <summary>The variation of a bucket.</summary>
    public CompiledVariation VariationOf(int bucket)
    {
        var index = 0;
        while (bucket >= _ends[index])
        {
            index++;
        }

        return _owners[index];
    }
}
