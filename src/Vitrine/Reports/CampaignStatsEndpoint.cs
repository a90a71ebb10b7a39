using System.Text.Json;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>POST /core-services/v1/campaign-stats</c>: figures of experiences in the shape of the vendor's statistics API.</summary>
internal sealed class CampaignStatsEndpoint(Authenticator authenticator, ReportSource source, ExperienceStore experiences)
{
    private const int MaximumBodyBytes = 128 * 1024;

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, CampaignStatsEndpoint endpoint) => routes
        .MapPost("/core-services/v1/campaign-stats", (Func<HttpContext, Task>)(context => endpoint.HandleAsync(context)))
        .WithName("campaignStats")
        .WithTags("Reports")
        .WithSummary("Figures of experiences, as the vendor's statistics API has them")
        .WithDescription("By platform, locale and variation; all_variations are those together. An experience that was never reported is left out. Days are those of the workspace's time zone.")
        .WithHeader("MOE-APPKEY", "The workspace id; the same as the user name of the credentials.", required: true)
        .Accepts<CampaignStatsBody>("application/json")
        .Produces<CampaignStatsAnswer>()
        .Produces<ApiError>(StatusCodes.Status400BadRequest)
        .Produces<ApiError>(StatusCodes.Status401Unauthorized)
        .Produces<ApiError>(StatusCodes.Status413PayloadTooLarge)
        .Produces<ApiError>(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ApiError>(StatusCodes.Status422UnprocessableEntity)
        .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);

    private async Task HandleAsync(HttpContext context)
    {
        if (TenantRequest.Refusal(authenticator, context.Request.Headers, out var environment) is { } stranger)
        {
            await ApiErrorResponse.WriteAsync(context, stranger);
            return;
        }

        var (question, refusal) = await ReadAsync(context.Request, environment!);
        if (refusal is not null)
        {
            await ApiErrorResponse.WriteAsync(context, refusal);
            return;
        }

        try
        {
            var responseId = ApiErrorResponse.NewRequestId(context);
            var answer = await source.ReadAsync(
                environment!,
                (connection, pages, stop) => CampaignStatsReport.Read(connection, environment!.Id, question!, experiences.Of(environment.Id), pages, responseId, stop),
                context.RequestAborted);
            context.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(context.Response.Body, answer, ReportsJson.Readable.CampaignStatsAnswer, context.RequestAborted);
        }
        catch (Exception fault) when (fault is ReportTooLargeException or TooManyGoalEventsException or ProjectionLimitException)
        {
            await ApiErrorResponse.WriteAsync(context, new ApiError(StatusCodes.Status422UnprocessableEntity, "Too much to report", fault.Message));
        }
    }

    private static async Task<(CampaignStatsQuestion? Question, ApiError? Refusal)> ReadAsync(HttpRequest request, WorkspaceEnvironment environment)
    {
        var bytes = new ByteWriter();
        switch (await JsonBody.ReadAsync(request, bytes, MaximumBodyBytes))
        {
            case JsonBodyOutcome.UnsupportedMediaType:
                return (null, ApiError.UnsupportedMediaType);
            case JsonBodyOutcome.TooLarge:
                return (null, ApiError.TooLarge(MaximumBodyBytes));
            case JsonBodyOutcome.Undecodable:
                return (null, ApiError.MalformedJson);
        }

        if (bytes.Length == 0)
        {
            return (null, ApiError.EmptyBody);
        }

        var errors = new List<ApiFieldError>();
        try
        {
            var body = JsonSerializer.Deserialize(bytes.Written, ReportsJson.Readable.CampaignStatsBody);
            var question = body is { StartDate: not null, EndDate: not null } ? CampaignStatsQuestion.Read(body, environment.Workspace.TimeZone, errors) : null;
            if (question is not null)
            {
                return (question, null);
            }
        }
        catch (JsonException fault) when (fault.Path is { } path && path != "$")
        {
            errors.Add(new ApiFieldError(path[1..].Replace('.', '/'), "does not hold what it must"));
        }
        catch (JsonException fault) when (fault.Message.Contains("required", StringComparison.Ordinal))
        {
            errors.Add(new ApiFieldError("/start_date", "start_date and end_date are required"));
        }
        catch (JsonException)
        {
            return (null, ApiError.MalformedJson);
        }

        if (errors.Count == 0)
        {
            errors.Add(new ApiFieldError("/start_date", "start_date and end_date are required"));
        }

        return (null, ApiError.InvalidFields($"{errors[0].Path[1..]} {errors[0].Reason}", errors));
    }
}
