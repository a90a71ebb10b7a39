using System.Buffers;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary><c>POST /v1/experiences/fetch</c>: which experiences a user gets, and what is in them.</summary>
/// <remarks>
/// A request is decided by one state of the experiences, taken once. Everything happens in memory; nothing is waited for
/// but the body, and at a node that keeps no projection what is stored of the customer, where that is asked about. What was delivered is counted (<see cref="DeliveryCounters"/>) before it is sent: that a client has
/// taken it, only its own report of an impression says.
/// </remarks>
internal sealed class FetchEndpoint(ClientAccess access, DecisionSource source, FetchReading reading)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/v1/experiences/fetch";

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, FetchEndpoint endpoint) => routes
        .MapPost(Path, (Func<HttpContext, Task>)(context => endpoint.HandleAsync(context)))
        .WithName("fetchExperiences")
        .WithTags("Experiences")
        .WithSummary("Decide what a user gets")
        .WithDescription("Of the keys the first 25 are decided; without any, every active experience. An experience that the user does not get is left out. Any further property is an attribute of the session that conditions and templates can ask about.")
        .WithTenant()
        .WithHeader("Prefer", "return=representation adds failures: why an experience is left out.")
        .WithHeader("Content-Encoding", "gzip, br or zstd, where the body is compressed.")
        .Accepts<FetchDescription.Body>("application/json", "*/*")
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove("*/*");
            return Task.CompletedTask;
        })
        .Produces<FetchDescription.Answer>()
        .Produces<ApiError>(StatusCodes.Status403Forbidden)
        .Produces<ApiError>(StatusCodes.Status413PayloadTooLarge)
        .Produces<ApiError>(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ApiError>(StatusCodes.Status429TooManyRequests)
        .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable)
        .WithAnswerHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds after which the request can be sent again.")
        .WithAnswerHeader(StatusCodes.Status200OK, "Preference-Applied", "Which preferences were followed.")
        .ShortCircuit(); // Each middleware that it waits behind is an allocation and a wake-up for every request.

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) =>
        access.Refusal(context, RequestKind.Fetch, out var caller) is { } refusal
            ? ApiErrorResponse.WriteAsync(context, refusal)
            : HandleAsync(context, caller.Environment);

    private async Task HandleAsync(HttpContext context, WorkspaceEnvironment environment)
    {
        var request = FetchRequest.Rent();
        try
        {
            var decisions = source.Of(environment.Id);
            var error = await reading.ReadAsync(context, environment, request);
            if (error is null)
            {
                decisions.Ask(request);
                error = await reading.LearnAsync(environment, request);
            }

            // What is still being counted would make another decision in a moment.
            if ((error ?? (request.AwaitsCounts ? FetchReading.Loading : null)) is { } refusal)
            {
                await ApiErrorResponse.WriteAsync(context, refusal);
                return;
            }

            var failures = Preferences.Of(context.Request.Headers["Prefer"]).Representation;
            FetchAnswer.Write(request, decisions, failures);
            Send(context.Response, request, failures);
        }
        finally
        {
            request.Return();
        }
    }

    private static void Send(HttpResponse response, FetchRequest request, bool failures)
    {
        var answer = request.Answer.Written;
        if (failures)
        {
            response.Headers["Preference-Applied"] = "return=representation";
        }

        response.ContentType = "application/json";
        response.ContentLength = answer.Length;
        response.BodyWriter.Write(answer);
    }
}
