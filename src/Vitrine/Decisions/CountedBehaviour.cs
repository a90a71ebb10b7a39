using Vitrine.Projection.Behaviours;

namespace Vitrine.Decisions;

/// <summary>Where the answer to a question about behaviour comes from.</summary>
/// <param name="Watch">Counts the events; null where there cannot be any, and where nobody counts them.</param>
/// <param name="Days">Only today and so many days before, less one; null: ever.</param>
internal sealed record CountedBehaviour(BehaviourWatch? Watch, int? Days)
{
    /// <summary>A question that nothing asks any more.</summary>
    public static CountedBehaviour Unasked { get; } = new(null, null);
}
