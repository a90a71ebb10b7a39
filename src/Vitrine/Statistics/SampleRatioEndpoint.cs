using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Statistics;

/// <summary><c>POST /api/v1/statistics/srm</c>: whether customers are spread over variations as they should be.</summary>
internal static class SampleRatioEndpoint
{
    private const int MostVariations = 1_000;

    /// <summary>Smaller ones could not be told from 0 beside the largest.</summary>
    private const double SmallestWeight = 1e-60;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapPost("/statistics/srm", (Delegate)TestAsync)
        .WithName("testSampleRatio")
        .WithSummary("Is there a sample ratio mismatch?")
        .WithDescription("The χ² test of numbers of customers against shares. Below a p-value of 0.001 something is wrong with the spread.")
        .Calculates<SampleRatioBody, SampleRatioAnswer>();

    private static async Task<IResult> TestAsync(HttpContext context)
    {
        var (body, refusal) = await StatisticsBody.ReadAsync(context, StatisticsJson.Default.SampleRatioBody);
        if (refusal is not null)
        {
            return refusal;
        }

        var errors = Errors(body!.Observed, body.Weights);
        if (StatisticsBody.Refusal(errors) is { } bad)
        {
            return bad;
        }

        var test = SampleRatio.OfShares(body.Observed, body.Weights);
        return Results.Json(
            new SampleRatioAnswer(test.PValue, test.ChiSquared, test.DegreesOfFreedom, test.IsMismatch, test.Expected), StatisticsJson.Default.SampleRatioAnswer);
    }

    private static List<ApiFieldError> Errors(IReadOnlyList<long> observed, IReadOnlyList<double> weights)
    {
        var errors = new List<ApiFieldError>();
        if (observed.Count is < 2 or > MostVariations || weights.Count != observed.Count)
        {
            errors.Add(new ApiFieldError("/weights", $"must be as many as observed, 2 to {MostVariations:N0}; there are {observed.Count} observed and {weights.Count} weights"));
            return errors;
        }

        for (var index = 0; index < observed.Count; index++)
        {
            if (observed[index] is < 0 or > StatisticsBody.MostCustomers)
            {
                errors.Add(new ApiFieldError($"/observed/{index}", $"must be a number of customers from 0 to {StatisticsBody.MostCustomers:N0}"));
            }

            if (weights[index] is not (0 or (>= SmallestWeight and <= StatisticsBody.LargestFigure)))
            {
                errors.Add(new ApiFieldError($"/weights/{index}", $"must be 0 or a share from {SmallestWeight} to {StatisticsBody.LargestFigure}"));
            }
            else if (weights[index] == 0 && observed[index] > 0)
            {
                errors.Add(new ApiFieldError($"/observed/{index}", "has customers, and its weight is 0: no spread by these weights puts them there"));
            }
        }

        if (errors.Count == 0 && weights.Count(static weight => weight > 0) < 2)
        {
            errors.Add(new ApiFieldError("/weights", "must have at least two that are above 0"));
        }

        return errors;
    }
}

/// <summary>A spread of customers.</summary>
/// <param name="Observed">The customers of each variation.</param>
/// <param name="Weights">The share of each variation; they need not add up to anything.</param>
public sealed record SampleRatioBody(
    [property: JsonPropertyName("observed"), JsonRequired] IReadOnlyList<long> Observed,
    [property: JsonPropertyName("weights"), JsonRequired] IReadOnlyList<double> Weights);

/// <summary>Whether the spread is as it should be.</summary>
/// <param name="PValue">How likely so uneven a spread is by chance.</param>
/// <param name="ChiSquared">Σ (observed − expected)²/expected.</param>
/// <param name="DegreesOfFreedom">One less than the variations with a weight.</param>
/// <param name="Warning">Whether the p-value is below 0.001: then something is wrong, and results should not be trusted.</param>
/// <param name="Expected">How many customers each variation should have.</param>
public sealed record SampleRatioAnswer(
    [property: JsonPropertyName("p_value")] double PValue,
    [property: JsonPropertyName("chi_squared")] double ChiSquared,
    [property: JsonPropertyName("degrees_of_freedom")] int DegreesOfFreedom,
    [property: JsonPropertyName("warning")] bool Warning,
    [property: JsonPropertyName("expected")] IReadOnlyList<double> Expected);
