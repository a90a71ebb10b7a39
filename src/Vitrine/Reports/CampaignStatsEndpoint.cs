using System.Text.Json;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>POST /core-services/v1/campaign-stats</c>: figures of experiences in the shape of the vendor's statistics API.</summary>
internal sealed class CampaignStatsEndpoint(ReportSource source, ExperienceStore experiences)
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
        if (TenantRequest.Refusal(context, RequestKind.Management, out var environment) is { } stranger)
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

    private static string Named(string path) => path.Length == 0 ? "The body" : path[1..];

    private static async Task<(CampaignStatsQuestion? Question, ApiError? Refusal)> ReadAsync(HttpRequest request, WorkspaceEnvironment environment)
    {
        var bytes = new ByteWriter();
        var outcome = await JsonBody.ReadAsync(request, bytes, MaximumBodyBytes);
        if (JsonBody.Refusal(outcome, ApiError.TooLarge(MaximumBodyBytes)) is { } untaken)
        {
            return (null, untaken);
        }

        if (bytes.Length == 0)
        {
            return (null, ApiError.EmptyBody);
        }

        var errors = new List<ApiFieldError>();
        try
        {
            using var document = JsonDocument.Parse(bytes.Written.ToArray(), JsonText.Strict);
            BodyShape.Check("", document.RootElement, ReportsJson.Readable.CampaignStatsBody, errors, ignoresUnknown: true);
            var question = errors.Count == 0
                ? CampaignStatsQuestion.Read(document.RootElement.Deserialize(ReportsJson.Readable.CampaignStatsBody)!, environment.Workspace.TimeZone, errors)
                : null;
            return question is not null ? (question, null) : (null, ApiError.InvalidFields($"{Named(errors[0].Path)} {errors[0].Reason}.", errors));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // Of strings that are no UTF-8 or end within a pair of UTF-16.
        {
            return (null, ApiError.MalformedJson);
        }
    }
}
