namespace Vitrine.Statistics;

/// <summary>Keeps a few extreme customers from deciding a mean.</summary>
public static class Winsorisation
{
    /// <summary>
    /// The value above which customers are taken to have that value: the smallest one that at least so many per cent of
    /// all customers do not exceed (the nearest rank). Of nobody: 0.
    /// </summary>
    /// <param name="values">Of the customers of all variations together, those with zero too, in any order; sorted afterwards.</param>
    /// <param name="percentile">Above 0, at most 100; read as the decimal number that it is written as.</param>
    public static double Cap(Span<double> values, double percentile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(percentile, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        if (values.IsEmpty)
        {
            return 0;
        }

        // In decimals: as a binary number 94.2 % of a thousand is a little more than 942.
        var rank = (int)Math.Ceiling((decimal)percentile * values.Length / 100);
        values.Sort();
        return values[Math.Max(1, rank) - 1];
    }
}
