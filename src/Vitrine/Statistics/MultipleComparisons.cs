namespace Vitrine.Statistics;

/// <summary>Adjusts the p-values of several comparisons that were made at once.</summary>
public static class MultipleComparisons
{
    /// <summary>
    /// Holm's adjusted p-values, in the given order: the chance of even one false alarm stays below alpha (Holm, <i>A
    /// Simple Sequentially Rejective Multiple Test Procedure</i>, 1979). Nulls stay null and do not count.
    /// </summary>
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

    private static List<int> Ascending(IReadOnlyList<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. Enumerable.Range(0, values.Count).Where(index => values[index] is not null).OrderBy(index => values[index])];
    }
}
