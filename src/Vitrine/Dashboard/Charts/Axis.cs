namespace Vitrine.Dashboard.Charts;

/// <summary>The marks of an axis that begins at nought: round numbers, three to six of them.</summary>
internal static class Axis
{
    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];

    /// <summary>Marks from 0 to the first that is not below the largest value.</summary>
    public static IReadOnlyList<double> Marks(double largest)
    {
        if (!(largest > 0) || double.IsInfinity(largest))
        {
            return [0, 1];
        }

        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(largest / 4)));
        var step = Steps.Select(one => one * magnitude).First(one => one * 5 >= largest);
        return [.. Enumerable.Range(0, (int)Math.Ceiling((largest / step) - 1e-9) + 1).Select(mark => mark * step)];
    }
}
