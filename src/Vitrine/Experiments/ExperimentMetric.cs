using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>What variations are compared by.</summary>
public enum ExperimentMetric
{
    /// <summary>The share of exposed customers who clicked.</summary>
    UniqueCtr,

    /// <summary>Clicks over impressions.</summary>
    Ctr,

    /// <summary>Clicks of an exposed customer.</summary>
    ClicksPerUser,

    /// <summary>The share of exposed customers who reached a goal.</summary>
    Conversion,

    /// <summary>How often an exposed customer reached a goal.</summary>
    ConversionsPerUser,

    /// <summary>What an exposed customer brought.</summary>
    RevenuePerUser,
}

/// <summary>What is to be known of the metrics.</summary>
internal static class ExperimentMetrics
{
    /// <summary>The names in queries and answers, in the order of <see cref="ExperimentMetric"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetNames<ExperimentMetric>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The name of a metric.</summary>
    public static string Name(this ExperimentMetric metric) => Names[(int)metric];

    /// <summary>How it is made of what customers did.</summary>
    public static MetricKind Kind(this ExperimentMetric metric) => metric switch
    {
        ExperimentMetric.UniqueCtr or ExperimentMetric.Conversion => MetricKind.Proportion,
        ExperimentMetric.Ctr => MetricKind.Ratio,
        _ => MetricKind.Mean,
    };

    /// <summary>Whether it asks about a goal.</summary>
    public static bool AsksGoal(this ExperimentMetric metric) => metric >= ExperimentMetric.Conversion;

    /// <summary>Whether it is a rate, which people read in per cent.</summary>
    public static bool IsRate(this ExperimentMetric metric) => metric.Kind() != MetricKind.Mean;

    /// <summary>What people call it.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="goal">The goal's name, where it asks about one.</param>
    /// <param name="currency">Of revenue; null where nobody named one.</param>
    public static string Words(this ExperimentMetric metric, string? goal, string? currency) => metric switch
    {
        ExperimentMetric.UniqueCtr => "unique CTR",
        ExperimentMetric.Ctr => "CTR",
        ExperimentMetric.ClicksPerUser => "clicks per user",
        ExperimentMetric.Conversion => $"the conversion rate of '{goal}'",
        ExperimentMetric.ConversionsPerUser => $"'{goal}' per user",
        _ => currency is null ? $"revenue of '{goal}' per user" : $"revenue of '{goal}' per user in {currency}",
    };
}
