using Vitrine.Hosting;

namespace Vitrine.Statistics;

/// <summary><c>POST /api/v1/statistics/compare</c>: the statistics of experiment results, on figures that are given.</summary>
internal static class CompareEndpoint
{
    private static readonly string[] Methods = ["frequentist", "sequential", "bayesian"];
    private static readonly string[] Differences = ["absolute", "relative"];

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapPost("/statistics/compare", (Delegate)CompareAsync)
        .WithName("compareVariations")
        .WithSummary("Compare two variations whose figures are given")
        .WithDescription("No events are needed. docs/statistics.md has the formulas.")
        .Calculates<CompareBody, CompareAnswer>();

    private static async Task<IResult> CompareAsync(HttpContext context)
    {
        var (body, refusal) = await StatisticsBody.ReadAsync(context, StatisticsJson.Default.CompareBody);
        if (refusal is not null)
        {
            return refusal;
        }

        var errors = new List<ApiFieldError>();
        var options = Options(body!, errors);
        var kind = SumsCheck.Run("/baseline", body!.Baseline, errors);
        var other = SumsCheck.Run("/treatment", body.Treatment, errors);
        if (kind is { } one && other is { } another && one != another)
        {
            errors.Add(new ApiFieldError("/treatment", $"is a {Word(another)} and the baseline a {Word(one)}: give the same sums of both"));
        }

        return StatisticsBody.Refusal(errors) ?? Results.Json(
            Answer(SumsCheck.Moments(body.Baseline, kind!.Value), SumsCheck.Moments(body.Treatment, kind.Value), options), StatisticsJson.Default.CompareAnswer);
    }

    private static CompareAnswer Answer(Moments baseline, Moments treatment, ComparisonOptions options)
    {
        var comparison = Comparison.Of(baseline, treatment, options);
        return new CompareAnswer(
            comparison.MeanBaseline,
            comparison.MeanTreatment,
            comparison.Difference,
            comparison is { Low: { } low, High: { } high } ? [low, high] : null,
            comparison.StandardError)
        {
            PValue = comparison.PValue,
            DegreesOfFreedom = comparison.DegreesOfFreedom,
            ChanceToWin = comparison.ChanceToWin,
            ExpectedLoss = comparison.ExpectedLoss,
            Reason = comparison.Trouble?.Name(),
            Explanation = comparison.Trouble?.Sentence(),
        };
    }

    private static ComparisonOptions Options(CompareBody body, List<ApiFieldError> errors)
    {
        var method = (ComparisonMethod)Choose("/method", body.Method, Methods, errors);
        var options = new ComparisonOptions
        {
            Method = method,
            Difference = (DifferenceKind)Choose("/difference", body.Difference ?? Differences[0], Differences, errors),
            Alpha = body.Alpha ?? 0.05,
            Tuning = body.Tuning ?? ComparisonOptions.DefaultTuning,
            Prior = body.Prior is { } prior ? new EffectPrior(prior.Mean, prior.Variance) : null,
        };
        if (options.Alpha is not (>= StatisticsBody.SmallestAlpha and < 1))
        {
            errors.Add(new ApiFieldError("/alpha", StatisticsBody.AlphaRule));
        }

        if (body.Tuning is not null && method != ComparisonMethod.Sequential)
        {
            errors.Add(new ApiFieldError("/tuning", "is of the sequential method only"));
        }
        else if (options.Tuning is not (> 0 and <= StatisticsBody.MostCustomers))
        {
            errors.Add(new ApiFieldError("/tuning", $"must be a number of customers, above 0 and at most {StatisticsBody.MostCustomers:N0}"));
        }

        if (body.Prior is not null && method != ComparisonMethod.Bayesian)
        {
            errors.Add(new ApiFieldError("/prior", "is of the bayesian method only"));
        }
        else if (options.Prior is { } given)
        {
            if (given.Variance is not (> 0 and <= StatisticsBody.LargestFigure))
            {
                errors.Add(new ApiFieldError("/prior/variance", $"must be above 0 and at most {StatisticsBody.LargestFigure}"));
            }

            if (Math.Abs(given.Mean) > StatisticsBody.LargestFigure)
            {
                errors.Add(new ApiFieldError("/prior/mean", $"must be between ±{StatisticsBody.LargestFigure}"));
            }
        }

        return options;
    }

    private static int Choose(string path, string given, string[] known, List<ApiFieldError> errors)
    {
        var index = Array.IndexOf(known, given);
        if (index < 0)
        {
            errors.Add(new ApiFieldError(path, $"is none of {string.Join(", ", known)}"));
        }

        return Math.Max(0, index);
    }

    private static string Word(MetricKind kind) => kind.ToString().ToLowerInvariant();
}
