using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>A version of an experience ready to be decided.</summary>
/// <remarks>Immutable but for counters; any number of threads may decide it at once. Deciding allocates nothing.</remarks>
internal sealed class CompiledExperience(
    StoredExperience source, ExperienceDocument document, ControlGroupMembership controlGroup, IReadOnlyList<CompiledAudience> audiences, BehaviourNames names)
{
    private readonly CompiledAudience[] _audiences = [.. audiences];
    private readonly int[] _slots = [.. audiences.SelectMany(static audience => audience.Behaviours).Distinct().Select(names.SlotOf)];

    /// <summary>The experience that it is of.</summary>
    public StoredExperience Source => source;

    /// <summary>What was compiled.</summary>
    public ExperienceDocument Document => document;

    /// <summary>Who is kept out of it.</summary>
    public ControlGroupMembership ControlGroup => controlGroup;

    /// <summary>Its audiences in order.</summary>
    public IReadOnlyList<CompiledAudience> Audiences => _audiences;

    /// <summary>Whether a decision needs to know what a user is like or did.</summary>
    public bool AsksAboutUser { get; } = audiences.Any(static audience =>
        audience.AsksAboutUser || audience.Variations.Any(static variation => variation.Variables.Any(static variable => variable.AsksAboutUser)));

    /// <summary>What it asks about what a user did, each question once.</summary>
    public IReadOnlyList<Behaviour> Behaviours { get; } = [.. audiences.SelectMany(static audience => audience.Behaviours).Distinct()];

    /// <summary>The slots of those questions.</summary>
    public ReadOnlySpan<int> BehaviourSlots => _slots;

    /// <summary>What it is doing at a moment, given in Unix milliseconds, as far as that alone keeps it from being delivered.</summary>
    public DecisionOutcome OutcomeAt(long now) => source.StatusAt(now) switch
    {
        ExperienceStatus.Active => DecisionOutcome.Delivered,
        ExperienceStatus.Expired => DecisionOutcome.Expired,
        ExperienceStatus.Draft => DecisionOutcome.InvalidKey,
        _ => DecisionOutcome.NotActive,
    };

    /// <summary>The variation that a visitor gets while the experience is active; null, with the reason, when he gets none.</summary>
    /// <param name="visitor">Who is decided for.</param>
    /// <param name="circumstances">What is known of him and of the request.</param>
    /// <param name="outcome">The reason; or that there is something to deliver.</param>
    /// <param name="winner">The first audience that fits; null when none does.</param>
    public CompiledVariation? Choose(in Visitor visitor, Circumstances circumstances, out DecisionOutcome outcome, out CompiledAudience? winner)
    {
        foreach (var audience in _audiences)
        {
            if (!audience.Fits(visitor, circumstances))
            {
                continue;
            }

            winner = audience;
            if (controlGroup.Holds(visitor))
            {
                outcome = DecisionOutcome.ExperienceControlGroup;
                return null;
            }

            outcome = DecisionOutcome.Delivered;
            return audience.VariationOf(visitor.BucketIn(audience.Assignment));
        }

        (outcome, winner) = (DecisionOutcome.NotInSegment, null);
        return null;
    }
}
