namespace Vitrine.Dashboard.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Colour">As CSS has it.</param>
/// <param name="Values">By the chart's moments; null where nothing is known.</param>
public sealed record ChartSeries(string Name, string Colour, IReadOnlyList<double?> Values);

/// <summary>Colours that people who see colours differently can tell apart (Okabe and Ito, <i>Color Universal Design</i>, 2008).</summary>
internal static class Colours
{
    /// <summary>The baseline's.</summary>
    public const string Baseline = "var(--baseline)";

    private static readonly string[] Others = ["var(--blue)", "var(--orange)", "var(--green)", "var(--vermilion)", "var(--purple)", "var(--sky)"];

    /// <summary>The colour of one of several: the first is the baseline.</summary>
    public static string Of(int place) => place == 0 ? Baseline : Others[(place - 1) % Others.Length];
}
