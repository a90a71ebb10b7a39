using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Reports;

namespace Vitrine.Experiments;

/// <summary>The result of an experiment.</summary>
public sealed record ExperimentAnswer
{
    /// <summary>The experience.</summary>
    [JsonPropertyName("experience")]
    public required ExperienceName Experience { get; init; }

    /// <summary>Where the range of exposures begins; null: with the first.</summary>
    [JsonPropertyName("from")]
    public required string? From { get; init; }

    /// <summary>Where it ends; null: with the last.</summary>
    [JsonPropertyName("to")]
    public required string? To { get; init; }

    /// <summary>The time zone of both.</summary>
    [JsonPropertyName("tz")]
    public required string TimeZone { get; init; }

    /// <summary>By what variations are compared.</summary>
    [JsonPropertyName("metric"), OneOf("unique_ctr", "ctr", "clicks_per_user", "conversion", "conversions_per_user", "revenue_per_user")]
    public required string Metric { get; init; }

    /// <summary>The goal that the metric asks about.</summary>
    [JsonPropertyName("goal"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Goal { get; init; }

    /// <summary>What goal events count for.</summary>
    [JsonPropertyName("attribution"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AttributionAnswer? Attribution { get; init; }

    /// <summary>The currency of revenue. Amounts in others are not counted.</summary>
    [JsonPropertyName("currency"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }

    /// <summary>The audience that is looked at; all of them where it is left out.</summary>
    [JsonPropertyName("audience"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Audience { get; init; }

    /// <summary>How variations are compared.</summary>
    [JsonPropertyName("method"), OneOf("frequentist", "sequential", "bayesian")]
    public required string Method { get; init; }

    /// <summary>What is meant by a difference.</summary>
    [JsonPropertyName("difference"), OneOf("absolute", "relative")]
    public required string Difference { get; init; }

    /// <summary>The accepted chance of being wrong.</summary>
    [JsonPropertyName("alpha")]
    public required double Alpha { get; init; }

    /// <summary>How p-values of several comparisons are corrected.</summary>
    [JsonPropertyName("correction"), OneOf("holm", "benjamini_hochberg")]
    public required string Correction { get; init; }

    /// <summary>What an interval leaves out: alpha over the number of comparisons.</summary>
    [JsonPropertyName("interval_alpha")]
    public required double IntervalAlpha { get; init; }

    /// <summary>The variation that the others are compared with; null where there is none.</summary>
    [JsonPropertyName("baseline")]
    public required string? Baseline { get; init; }

    /// <summary>Up to where the result is complete.</summary>
    [JsonPropertyName("as_of")]
    public required AsOf AsOf { get; init; }

    /// <summary>Who is in the experiment.</summary>
    [JsonPropertyName("population")]
    public required ExperimentPopulation Population { get; init; }

    /// <summary>What stands in the way of trusting the result, in sentences.</summary>
    [JsonPropertyName("warnings")]
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Within how many groups of customers who had the same chances variations are compared; 1 where shares are the same throughout.</summary>
    [JsonPropertyName("groups")]
    public int Groups { get; init; } = 1;

    /// <summary>Whether customers are spread over the variations as they should be.</summary>
    [JsonPropertyName("sample_ratio")]
    public required SampleRatioResult SampleRatio { get; init; }

    /// <summary>What is known of each variation.</summary>
    [JsonPropertyName("variations")]
    public required IReadOnlyList<ExperimentVariation> Variations { get; init; }

    /// <summary>Each of the other variations beside the baseline.</summary>
    [JsonPropertyName("comparisons")]
    public required IReadOnlyList<ExperimentComparison> Comparisons { get; init; }

    /// <summary>The value at which larger ones were taken to lie, where that was asked for.</summary>
    [JsonPropertyName("winsorised_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WinsorisedAt { get; init; }

    /// <summary>What earlier behaviour took out of the variance, where that was asked for.</summary>
    [JsonPropertyName("cuped"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CupedAnswer? Cuped { get; init; }
}

/// <summary>Who is in an experiment.</summary>
/// <param name="Exposed">Customers to whom it was shown.</param>
/// <param name="Analysed">Those of them who count.</param>
/// <param name="InSeveralVariations">Those who were shown several variations, and count in none.</param>
/// <param name="WindowOpen">Those of the others whose attribution window has not passed yet, where only customers with a completed one count.</param>
/// <param name="NewPerDay">Customers who are exposed for the first time in a day, by the last seven days.</param>
public sealed record ExperimentPopulation(
    [property: JsonPropertyName("exposed")] long Exposed,
    [property: JsonPropertyName("analysed")] long Analysed,
    [property: JsonPropertyName("in_several_variations")] long InSeveralVariations,
    [property: JsonPropertyName("window_open")] long WindowOpen,
    [property: JsonPropertyName("new_per_day")] double NewPerDay);

/// <summary>One variation.</summary>
/// <param name="Variation">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Customers">Customers who count.</param>
/// <param name="Sum">The sum over them: customers who did it, clicks, conversions or revenue.</param>
/// <param name="Mean">The metric; null without customers.</param>
/// <param name="StandardError">Of the metric; null where it cannot be told.</param>
public sealed record ExperimentVariation(
    [property: JsonPropertyName("variation")] string Variation,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("customers")] long Customers,
    [property: JsonPropertyName("sum")] double Sum,
    [property: JsonPropertyName("mean")] double? Mean,
    [property: JsonPropertyName("standard_error")] double? StandardError)
{
    /// <summary>Impressions, of <c>ctr</c> only: what the sum is divided by.</summary>
    [JsonPropertyName("denominator"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Denominator { get; init; }
}

/// <summary>A variation beside the baseline. What cannot be said is null, and <c>reason</c> says why.</summary>
public sealed record ExperimentComparison
{
    /// <summary>The variation's id.</summary>
    [JsonPropertyName("variation")]
    public required string Variation { get; init; }

    /// <summary>What there is to say, in one honest sentence.</summary>
    [JsonPropertyName("sentence")]
    public required string Sentence { get; init; }

    /// <summary>What the figures allow to conclude.</summary>
    [JsonPropertyName("verdict"), OneOf("better", "worse", "not_distinguishable", "not_comparable")]
    public required string Verdict { get; init; }

    /// <summary>The variation less the baseline.</summary>
    [JsonPropertyName("difference")]
    public required double? Difference { get; init; }

    /// <summary>Where the interval begins and ends.</summary>
    [JsonPropertyName("ci")]
    public required IReadOnlyList<double>? Interval { get; init; }

    /// <summary>Of the difference.</summary>
    [JsonPropertyName("standard_error")]
    public required double? StandardError { get; init; }

    /// <summary>How likely so large a difference were if there was none.</summary>
    [JsonPropertyName("p_value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PValue { get; init; }

    /// <summary>The same, corrected for there being several comparisons.</summary>
    [JsonPropertyName("p_value_adjusted"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AdjustedPValue { get; init; }

    /// <summary>The chance that the variation is better.</summary>
    [JsonPropertyName("chance_to_win"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ChanceToWin { get; init; }

    /// <summary>What choosing the variation is expected to cost, in units of the difference.</summary>
    [JsonPropertyName("expected_loss"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExpectedLoss { get; init; }

    /// <summary>The smallest difference that so many customers show with a chance of 80 %.</summary>
    [JsonPropertyName("minimal_detectable_effect"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MinimalDetectableEffect { get; init; }

    /// <summary>Days until a difference as large as the present one is seen with a chance of 80 %, at the present traffic; null where nobody can tell.</summary>
    [JsonPropertyName("days_to_go")]
    public double? DaysToGo { get; init; }

    /// <summary>Why something is null: too_few_customers, no_variance, baseline_is_zero or out_of_range.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>Whether customers are spread over the variations as they should be.</summary>
public sealed record SampleRatioResult
{
    /// <summary>How likely so uneven a spread is by chance; null where <c>reason</c> says why.</summary>
    [JsonPropertyName("p_value")]
    public double? PValue { get; init; }

    /// <summary>Σ (observed − expected)²/expected.</summary>
    [JsonPropertyName("chi_squared")]
    public double? ChiSquared { get; init; }

    /// <summary>One less than the variations with a share.</summary>
    [JsonPropertyName("degrees_of_freedom")]
    public int? DegreesOfFreedom { get; init; }

    /// <summary>Whether something is wrong: the p-value is below 0.001, or customers were shown what nobody was to see.</summary>
    [JsonPropertyName("warning")]
    public bool Warning { get; init; }

    /// <summary>Customers by the variation of their first exposure.</summary>
    [JsonPropertyName("observed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Observed { get; init; }

    /// <summary>How many there should be, by the shares in force when each was first exposed.</summary>
    [JsonPropertyName("expected"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Expected { get; init; }

    /// <summary>Customers who were first shown a variation that had no share then; they are not part of the test.</summary>
    [JsonPropertyName("customers_without_share")]
    public long CustomersWithoutShare { get; init; }

    /// <summary>Among whom the imbalance is, the likeliest cause first.</summary>
    [JsonPropertyName("located")]
    public IReadOnlyList<SampleRatioCause> Located { get; init; } = [];

    /// <summary>Why nothing was tested.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

/// <summary>Customers who are not spread as they should be.</summary>
/// <param name="Dimension">What they have in common.</param>
/// <param name="Value">Its value.</param>
/// <param name="PValue">Of their spread, corrected for all that were tested (Holm).</param>
/// <param name="RestPValue">Of everybody else's. Null where there is nobody else.</param>
/// <param name="DifferencePValue">How likely these customers and everybody else are spread so differently by chance: where that is small, the cause is here; where it is not, it is everywhere. Null where there is nobody else.</param>
public sealed record SampleRatioCause(
    [property: JsonPropertyName("dimension"), OneOf("platform", "locale", "audience", "sdk")] string Dimension,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("p_value")] double PValue,
    [property: JsonPropertyName("rest_p_value")] double? RestPValue,
    [property: JsonPropertyName("difference_p_value")] double? DifferencePValue);

/// <summary>What earlier behaviour took out of the variance.</summary>
/// <param name="Days">Days before the first exposure that were looked at.</param>
/// <param name="Theta">By how much each unit of earlier behaviour was taken out.</param>
/// <param name="VarianceRemoved">The share of the variance that is gone.</param>
/// <param name="Reason">Why nothing was; null when something was.</param>
public sealed record CupedAnswer(
    [property: JsonPropertyName("days")] int Days,
    [property: JsonPropertyName("theta")] double Theta,
    [property: JsonPropertyName("variance_removed")] double VarianceRemoved,
    [property: JsonPropertyName("reason")] string? Reason);

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(ExperimentAnswer))]
internal sealed partial class ExperimentsJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ExperimentsJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
