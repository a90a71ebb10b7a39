namespace Vitrine.Statistics;

/// <summary>Keeps a few extreme customers from deciding a mean.</summary>
public static class Winsorisation
{
    /// <summary>
    /// The value above which customers are taken to have that value: the smallest one that at least so many per cent of
    /// all customers do not exceed (the nearest rank).
    /// </summary>
    /// <param name="values">Of all customers, in any order; sorted afterwards.</param>
    /// <param name="percentile">Above 0, at most 100.</param>
    public static double Cap(Span<double> values, double percentile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(percentile, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        if (values.IsEmpty)
        {
            return 0;
        }

        values.Sort();
        return values[Math.Max(1, (int)Math.Ceiling(percentile / 100 * values.Length)) - 1];
    }
}
