namespace Vitrine.Statistics;

/// <summary>Adjusts the p-values, and the alpha of the intervals, of several comparisons that were made at once.</summary>
public static class MultipleComparisons
{
    /// <summary>
    /// Holm's adjusted p-values, in the given order: the chance of even one false alarm stays below alpha (Holm, <i>A
    /// Simple Sequentially Rejective Multiple Test Procedure</i>, 1979). Nulls stay null and do not count.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of 0 to 1.</exception>
    public static IReadOnlyList<double?> Holm(IReadOnlyList<double?> values)
    {
        var order = Ascending(values);
        var adjusted = new double?[values.Count];
        var largest = 0.0;
        for (var rank = 0; rank < order.Count; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, values[order[rank]]!.Value * (order.Count - rank)));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }

    /// <summary>
    /// Benjamini's and Hochberg's adjusted p-values, in the given order: of the differences that are called real, at most
    /// alpha are expected not to be (<i>Controlling the False Discovery Rate</i>, 1995). Nulls stay null and do not count.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of 0 to 1.</exception>
    public static IReadOnlyList<double?> BenjaminiHochberg(IReadOnlyList<double?> values)
    {
        var order = Ascending(values);
        var adjusted = new double?[values.Count];
        var smallest = 1.0;
        for (var rank = order.Count - 1; rank >= 0; rank--)
        {
            smallest = Math.Min(smallest, values[order[rank]]!.Value * order.Count / (rank + 1));
            adjusted[order[rank]] = smallest;
        }

        return adjusted;
    }

    /// <summary>
    /// The alpha of each interval, so that with the chance 1 − alpha all of them hold what they should: alpha over the
    /// number of comparisons that were made (Bonferroni).
    /// </summary>
    /// <param name="alpha">The chance of even one wrong interval that is accepted: above 0, below 1.</param>
    /// <param name="comparisons">Comparisons that had an answer, as Holm counts them. None counts as one.</param>
    public static SharedAlpha Share(double alpha, int comparisons)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(comparisons);
        return new SharedAlpha(alpha / Math.Max(1, comparisons), Math.Max(1, comparisons));
    }

    private static List<int> Ascending(IReadOnlyList<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Any(static value => value is not (null or (>= 0 and <= 1))))
        {
            throw new ArgumentOutOfRangeException(nameof(values), "A p-value lies between 0 and 1; null stands for none.");
        }

        return [.. Enumerable.Range(0, values.Count).Where(index => values[index] is not null).OrderBy(index => values[index])];
    }
}

/// <summary>What each of several intervals is made with.</summary>
/// <param name="Alpha">Of each interval.</param>
/// <param name="Comparisons">Among how many the accepted chance of being wrong was shared.</param>
public readonly record struct SharedAlpha(double Alpha, int Comparisons);
