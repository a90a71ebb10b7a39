using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Statistics;

/// <summary>Two variations that are to be compared.</summary>
public sealed record CompareBody
{
    /// <summary>How.</summary>
    [JsonPropertyName("method"), OneOf("frequentist", "sequential", "bayesian")]
    public required string Method { get; init; }

    /// <summary>The accepted chance of being wrong: 10⁻¹⁰⁰ or more, below 1. Default 0.05.</summary>
    [JsonPropertyName("alpha")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Alpha { get; init; }

    /// <summary>The difference of the means (the default), or that over the baseline's mean.</summary>
    [JsonPropertyName("difference"), OneOf("absolute", "relative")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Difference { get; init; }

    /// <summary>Of the sequential method: customers at whom the interval is tightest. Default 5,000.</summary>
    [JsonPropertyName("tuning")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Tuning { get; init; }

    /// <summary>Of the Bayesian method: what was believed of the difference before. Default: nothing.</summary>
    [JsonPropertyName("prior")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PriorBody? Prior { get; init; }

    /// <summary>What it is compared with.</summary>
    [JsonPropertyName("baseline")]
    public required SumsBody Baseline { get; init; }

    /// <summary>What is compared.</summary>
    [JsonPropertyName("treatment")]
    public required SumsBody Treatment { get; init; }
}

/// <summary>A normal distribution.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Variance">Its variance, above 0.</param>
public sealed record PriorBody(
    [property: JsonPropertyName("mean"), JsonRequired] double Mean, [property: JsonPropertyName("variance"), JsonRequired] double Variance);

/// <summary>
/// The sums over the customers of a variation: without a sum of squares a proportion, with one a mean, with those of a
/// denominator too a ratio.
/// </summary>
public sealed record SumsBody
{
    /// <summary>Customers: 0 to 10¹².</summary>
    [JsonPropertyName("n")]
    public required long Count { get; init; }

    /// <summary>The sum over all customers.</summary>
    [JsonPropertyName("sum")]
    public required double Sum { get; init; }

    /// <summary>The sum of the squares.</summary>
    [JsonPropertyName("sum_squares")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SumOfSquares { get; init; }

    /// <summary>Of a ratio: the denominators' sum.</summary>
    [JsonPropertyName("denominator_sum")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DenominatorSum { get; init; }

    /// <summary>Of a ratio: the sum of the denominators' squares.</summary>
    [JsonPropertyName("denominator_sum_squares")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DenominatorSumOfSquares { get; init; }

    /// <summary>Of a ratio: the sum of the products of numerator and denominator.</summary>
    [JsonPropertyName("cross_product")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CrossProduct { get; init; }
}

/// <summary>What can be said of two variations. What cannot be said is null, and <c>reason</c> says why.</summary>
/// <param name="MeanBaseline">The mean of the baseline; null without customers, or without anything in the denominator of a ratio.</param>
/// <param name="MeanTreatment">The mean of the treatment; null without customers, or without anything in the denominator of a ratio.</param>
/// <param name="Difference">The treatment less the baseline; of the Bayesian method the mean of what is believed now.</param>
/// <param name="Interval">Where the interval begins and ends.</param>
/// <param name="StandardError">Of the difference.</param>
public sealed record CompareAnswer(
    [property: JsonPropertyName("mean_baseline")] double? MeanBaseline,
    [property: JsonPropertyName("mean_treatment")] double? MeanTreatment,
    [property: JsonPropertyName("difference")] double? Difference,
    [property: JsonPropertyName("ci")] IReadOnlyList<double>? Interval,
    [property: JsonPropertyName("standard_error")] double? StandardError)
{
    /// <summary>How likely so large a difference were if there was none. Not of the Bayesian method.</summary>
    [JsonPropertyName("p_value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; init; }

    /// <summary>Of Welch's t-test.</summary>
    [JsonPropertyName("degrees_of_freedom"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DegreesOfFreedom { get; init; }

    /// <summary>The chance that the treatment is better. Of the Bayesian method only.</summary>
    [JsonPropertyName("chance_to_win"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ChanceToWin { get; init; }

    /// <summary>What choosing the treatment is expected to cost. Of the Bayesian method only.</summary>
    [JsonPropertyName("expected_loss"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExpectedLoss { get; init; }

    /// <summary>Why something is null: too_few_customers, no_variance, baseline_is_zero or out_of_range.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The reason in a sentence.</summary>
    [JsonPropertyName("explanation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Explanation { get; init; }
}
