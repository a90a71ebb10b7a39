namespace Vitrine.Statistics;

/// <summary>How a metric is made of what customers did.</summary>
public enum MetricKind
{
    /// <summary>The share of customers who did something.</summary>
    Proportion,

    /// <summary>The mean of a number of each customer.</summary>
    Mean,

    /// <summary>The sum of one number over the sum of another, the customer being the unit.</summary>
    Ratio,
}
