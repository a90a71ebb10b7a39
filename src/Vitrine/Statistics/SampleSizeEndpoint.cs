using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Statistics;

/// <summary><c>POST /api/v1/statistics/sample-size</c>: how many customers an experiment needs.</summary>
internal static class SampleSizeEndpoint
{
    private const int MostVariations = 50;
    private const double FewestPerDay = 0.001;

    /// <summary>What is said where it takes more than can be had.</summary>
    internal static readonly string TooMuch = $"An effect that small takes more than {StatisticsBody.MostCustomers:N0} customers.";

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapPost("/statistics/sample-size", (Delegate)CalculateAsync)
        .WithName("calculateSampleSize")
        .WithSummary("How many customers does it take?")
        .WithDescription("The customers that each variation needs for an effect of that size to be seen. With several treatments alpha is divided by their number.")
        .Calculates<SampleSizeBody, SampleSizeAnswer>();

    private static async Task<IResult> CalculateAsync(HttpContext context)
    {
        var (body, refusal) = await StatisticsBody.ReadAsync(context, StatisticsJson.Default.SampleSizeBody);
        if (refusal is not null)
        {
            return refusal;
        }

        var (answer, errors, isTooMuch) = Calculate(body!);
        return StatisticsBody.Refusal(errors)
            ?? (isTooMuch ? Problem.Result(StatusCodes.Status422UnprocessableEntity, TooMuch) : Results.Json(answer!, StatisticsJson.Default.SampleSizeAnswer));
    }

    /// <summary>What it takes; or what is wrong with the question; or that it takes more than can be had.</summary>
    internal static (SampleSizeAnswer? Answer, IReadOnlyList<ApiFieldError> Errors, bool IsTooMuch) Calculate(SampleSizeBody body)
    {
        if (Errors(body) is { Count: > 0 } errors)
        {
            return (null, errors, false);
        }

        var variations = body.Variations ?? 2;
        var difference = DifferenceOf(body);
        var treatment = body.Mean + difference;
        var (alpha, _) = MultipleComparisons.Share(body.Alpha ?? 0.05, variations - 1);
        var customers = Power.CustomersPerVariation(
            body.Variance ?? body.Mean * (1 - body.Mean), body.Variance ?? treatment * (1 - treatment), difference, alpha, body.Power ?? Power.Default);
        if (customers * variations > StatisticsBody.MostCustomers)
        {
            return (null, [], true);
        }

        var all = (long)customers * variations;
        return (new SampleSizeAnswer((long)customers, all, body.CustomersPerDay is { } perDay ? (long)Math.Ceiling(all / perDay) : null, alpha), [], false);
    }

    private static double DifferenceOf(SampleSizeBody body) =>
        body.Difference == "relative" ? body.MinimalEffect * Math.Abs(body.Mean) : body.MinimalEffect;

    private static List<ApiFieldError> Errors(SampleSizeBody body)
    {
        var errors = new List<ApiFieldError>();
        Check("/mean", body.Variance is not null ? Math.Abs(body.Mean) <= StatisticsBody.LargestFigure : body.Mean is > 0 and < 1, body.Variance is null
            ? "must be above 0 and below 1: without a variance it is the share of customers who do something"
            : $"must be between ±{StatisticsBody.LargestFigure}");
        Check("/variance", body.Variance is null or (> 0 and <= StatisticsBody.LargestFigure), $"must be above 0 and at most {StatisticsBody.LargestFigure}");
        Check("/difference", body.Difference is null or "absolute" or "relative", "is none of absolute, relative");
        Check("/minimal_effect", body.MinimalEffect != 0 && Math.Abs(body.MinimalEffect) <= StatisticsBody.LargestFigure, $"must not be 0, and lie between ±{StatisticsBody.LargestFigure}");
        Check("/alpha", body.Alpha is null or (>= StatisticsBody.SmallestAlpha and < 1), StatisticsBody.AlphaRule);
        Check("/power", body.Power is null or (> 0 and < 1), "must be above 0 and below 1");
        Check("/variations", body.Variations is null or (>= 2 and <= MostVariations), $"must be 2 to {MostVariations}, the baseline included");
        Check("/customers_per_day", body.CustomersPerDay is null or (>= FewestPerDay and <= StatisticsBody.MostCustomers), $"must be from {FewestPerDay} to {StatisticsBody.MostCustomers:N0}");
        if (errors.Count > 0)
        {
            return errors;
        }

        Check("/mean", body.Difference != "relative" || body.Mean != 0, "must not be 0 where the effect is relative to it");
        Check("/minimal_effect", body.Mean == 0 || DifferenceOf(body) != 0, "is so small a part of the mean that no number holds it");
        var treatment = body.Mean + DifferenceOf(body);
        Check("/minimal_effect", body.Variance is not null || treatment is >= 0 and <= 1, $"would make a share of {treatment}; shares are 0 to 1");
        return errors;

        void Check(string path, bool isGood, string reason)
        {
            if (!isGood)
            {
                errors.Add(new ApiFieldError(path, reason));
            }
        }
    }
}

/// <summary>What an experiment is to see.</summary>
public sealed record SampleSizeBody
{
    /// <summary>The baseline's mean: without a variance the share of customers who do something.</summary>
    [JsonPropertyName("mean")]
    public required double Mean { get; init; }

    /// <summary>The variance of one customer. Without it the metric is a proportion.</summary>
    [JsonPropertyName("variance"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Variance { get; init; }

    /// <summary>The smallest effect that is to be seen, not 0.</summary>
    [JsonPropertyName("minimal_effect")]
    public required double MinimalEffect { get; init; }

    /// <summary>Whether the effect is a difference of means (the default) or relative to the baseline's.</summary>
    [JsonPropertyName("difference"), OneOf("absolute", "relative"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Difference { get; init; }

    /// <summary>The accepted chance of a false alarm: 10⁻¹⁰⁰ or more, below 1. Default 0.05.</summary>
    [JsonPropertyName("alpha"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Alpha { get; init; }

    /// <summary>The chance to see the effect if it is there. Default 0.8.</summary>
    [JsonPropertyName("power"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Power { get; init; }

    /// <summary>Variations, the baseline included: 2–50. Default 2.</summary>
    [JsonPropertyName("variations"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Variations { get; init; }

    /// <summary>Customers who are exposed for the first time in a day: 0.001 to 10¹².</summary>
    [JsonPropertyName("customers_per_day"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CustomersPerDay { get; init; }
}

/// <summary>What it takes.</summary>
/// <param name="CustomersPerVariation">Customers of each variation.</param>
/// <param name="Customers">Of all of them.</param>
/// <param name="Days">How long they take to come; null where nobody said how many come in a day.</param>
/// <param name="AlphaPerComparison">What was reckoned with: alpha over the number of treatments.</param>
public sealed record SampleSizeAnswer(
    [property: JsonPropertyName("customers_per_variation")] long CustomersPerVariation,
    [property: JsonPropertyName("customers")] long Customers,
    [property: JsonPropertyName("days")] long? Days,
    [property: JsonPropertyName("alpha_per_comparison")] double AlphaPerComparison);
