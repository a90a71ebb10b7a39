using Vitrine.Conversions;
using Vitrine.Hosting;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Experiments;

/// <summary><c>GET /api/v1/reports/experiences/{experienceId}/experiment</c>: which variation works, and how sure that is.</summary>
internal static class ExperimentEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapGet("/reports/experiences/{experienceId}/experiment", ReadAsync)
        .WithName("getExperimentResult")
        .WithTags("Reports")
        .WithSummary("Which variation works, and how sure that is")
        .WithDescription("The unit is the customer, in the variation of the first impression within the range; who was shown several counts in none. Goal events count as in the reports, for impressions or clicks within the range. docs/statistics.md says what each figure means.")
        .Produces<ExperimentAnswer>()
        .WithRange()
        .WithParameter("experienceId", "The part of the cid before its first underscore.")
        .WithParameter("metric", "By what variations are compared. unique_ctr: exposed customers who clicked; ctr: clicks over impressions; clicks_per_user; conversion: exposed customers who reached the goal; conversions_per_user; revenue_per_user. Without it: unique_ctr.", ExperimentMetrics.Names)
        .WithParameter("goal", "The name of the goal that the metric asks about. Without it: the primary one.")
        .WithParameter("currency", "Of revenue_per_user: the only currency that counts. Without it: the goal's.")
        .WithParameter("baseline", "The moe_variation_id that the others are compared with. Without it: the first.")
        .WithParameter("method", "frequentist (Welch's t-test, the default): for one look at a time that was chosen beforehand. sequential: for looking as often as one likes. bayesian: the chance that a variation is better.", ExperimentParameters.Methods)
        .WithParameter("difference", "absolute (the default), or relative to the baseline.", ExperimentParameters.Differences)
        .WithParameter("alpha", "The accepted chance of being wrong, up to 0.5. Without it: 0.05.")
        .WithParameter("tuning", "Of the sequential method: customers at whom it is tightest. Without it: 5000.")
        .WithParameter("prior", "Of the bayesian method: mean and variance that the difference was believed to have, such as 0,0.0001. Without it: a flat prior.")
        .WithParameter("correction", "How p-values of several comparisons are corrected: holm (the default) or benjamini_hochberg.", ExperimentParameters.Corrections)
        .WithParameter("attribution", "What goal events count for, as in the reports. Without it: view_through.", AttributionModels.Names)
        .WithParameter("audience", "Only this audience_id. Without it: all of them, pooled by variation.")
        .WithParameter("windows", "completed: only customers whose attribution window has passed since their first impression. Without it: all.", "all", "completed")
        .WithParameter("winsorise", "Of means: a percentile, 50 to 100, at which larger values are taken to lie, such as 99.")
        .WithParameter("cuped", "Days before the first impression, 1 to 90, whose behaviour is taken out of the metric: clicks on anything for clicks, the same goal for goals.")
        .WithParameter("weights", "The shares against which the sample ratio is tested, such as 0:50,1:50. Without it: those of the published versions, each while it was in force.")
        .Refuses(StatusCodes.Status404NotFound);

    private static async Task<IResult> ReadAsync(
        HttpContext context,
        ExperimentSource source,
        string experienceId,
        string? from,
        string? to,
        string? tz,
        string? metric,
        string? goal,
        string? currency,
        string? baseline,
        string? method,
        string? difference,
        string? alpha,
        string? tuning,
        string? prior,
        string? correction,
        string? attribution,
        string? audience,
        string? windows,
        string? winsorise,
        string? cuped,
        string? weights)
    {
        var environment = context.Environment();
        experienceId = IdFromPath.Of(context, experienceId);
        var parameters = new ExperimentParameters
        {
            Metric = metric,
            Goal = goal,
            Currency = currency,
            Baseline = baseline,
            Method = method,
            Difference = difference,
            Alpha = alpha,
            Tuning = tuning,
            Prior = prior,
            Correction = correction,
            Attribution = attribution,
            Audience = audience,
            Windows = windows,
            Winsorise = winsorise,
            Cuped = cuped,
            Weights = weights,
        };
        var (range, wrongRange) = ReportRange.Parse(from, to, tz, environment.Workspace.TimeZone);
        if (wrongRange is not null)
        {
            return Problem.Result(StatusCodes.Status400BadRequest, wrongRange);
        }

        try
        {
            var answer = await source.ReadAsync(environment, experienceId, range!, parameters, context.RequestAborted);
            AsOfHeaders.Set(context.Response, answer.AsOf);
            return Results.Json(answer, ExperimentsJson.Readable.ExperimentAnswer);
        }
        catch (ExperimentRefusedException refusal)
        {
            return Problem.Result(refusal.Status, refusal.Message);
        }
    }
}
