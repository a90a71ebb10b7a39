namespace Vitrine.Experiences.Conditions;

/// <summary>Makes orders of what comparisons say.</summary>
internal static class Orders
{
    /// <summary>Whether a comparison came out as one of those that are accepted.</summary>
    /// <param name="accepted">What is accepted.</param>
    /// <param name="comparison">Negative, 0 or positive.</param>
    public static bool Accepts(this Order accepted, int comparison) =>
        (accepted & (comparison < 0 ? Order.Less : comparison > 0 ? Order.Greater : Order.Equal)) != 0;
}
