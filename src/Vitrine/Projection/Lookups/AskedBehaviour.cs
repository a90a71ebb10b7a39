using Vitrine.Projection.Behaviours;

namespace Vitrine.Projection.Lookups;

/// <summary>A question about what a customer did.</summary>
/// <param name="Watch">Counts the events, or would do so where a projection is kept; null: nobody counts them.</param>
/// <param name="Days">1–90: only today and the days before; null: ever.</param>
internal readonly record struct AskedBehaviour(BehaviourWatch? Watch, int? Days);
