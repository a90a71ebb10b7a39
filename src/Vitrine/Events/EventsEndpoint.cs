using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Events;

/// <summary>
/// <c>POST /v1/experiences/events</c>: checks who asks, reads and checks the body, makes it durable, and only then
/// answers.
/// </summary>
/// <remarks>
/// A refused request is journaled too (what it held, why it was refused), so that the ledger accounts for it and its
/// receipt can be asked for; whether that succeeds changes nothing about its 400. Only a good request needs the
/// journal, and is answered 503 when it cannot have it.
/// </remarks>
public sealed class EventsEndpoint(
    ClientAccess access, IJournal journal, EventOutcomes outcomes, RefusedRequests refused, EventsMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// Keeps routing from refusing a media type before the credentials are checked and without the contract's words.
    /// </summary>
    private const string AnyMediaType = "*/*";

    /// <summary>What <c>navigator.sendBeacon</c> calls a text.</summary>
    private const string BeaconMediaType = "text/plain";

    /// <summary>Where it is.</summary>
    internal const string Path = "/v1/experiences/events";

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, EventsEndpoint endpoint) => routes
        .MapPost(Path, (Func<HttpContext, Task>)(context => endpoint.HandleAsync(context)))
        .WithName("reportEvents")
        .WithTags("Experiences")
        .WithSummary("Report impressions and clicks")
        .WithDescription(EventsDescription.Text.ReplaceLineEndings(" "))
        .WithHeader("MOE-APPKEY", "The workspace id, with the suffix _DEBUG for its test environment; the same as the user name of the credentials. MOE-DBNAME is an old name of it.", required: true)
        .WithHeader("Prefer", "handling=lenient stores the good events although others are bad; return=representation waits and says of each event what became of it. Both may stand, separated by a comma.")
        .WithHeader("Content-Encoding", "gzip, br or zstd, where the body is compressed.")
        .Accepts<EventsDescription.Body>("application/json", AnyMediaType)
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(AnyMediaType);
            return Task.CompletedTask;
        })
        .Produces<AcceptedRequest>()
        .Produces<ApiError>(StatusCodes.Status400BadRequest)
        .Produces<ApiError>(StatusCodes.Status401Unauthorized)
        .Produces<ApiError>(StatusCodes.Status403Forbidden)
        .Produces<ApiError>(StatusCodes.Status413PayloadTooLarge)
        .Produces<ApiError>(StatusCodes.Status415UnsupportedMediaType)
        .Produces<ApiError>(StatusCodes.Status429TooManyRequests)
        .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable)
        .WithAnswerHeader(StatusCodes.Status200OK, "Preference-Applied", "Which preferences were followed.")
        .WithAnswerHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds after which the request can be sent again.")
        .ShortCircuit(); // Each middleware that it waits behind is an allocation and a wake-up for every request.

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (access.Refusal(context, RequestKind.Report, out var caller, takesBeacons: true) is not { } stranger)
        {
            return HandleAsync(context, caller);
        }

        metrics.TurnedAway(stranger.Status);
        return ApiErrorResponse.WriteAsync(context, stranger);
    }

    private async Task HandleAsync(HttpContext context, Caller caller)
    {
        var environment = caller.Environment;
        var preferences = Preferences.Of(context.Request.Headers["Prefer"]);
        var decoder = EventsDecoder.Rent();
        try
        {
            var body = await JsonBody.ReadAsync(context.Request, decoder.Source, EventsRules.MaximumBodyBytes, caller.Client is null ? null : BeaconMediaType);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var length = decoder.Source.Length;
            var refusal = body == JsonBodyOutcome.Complete
                ? decoder.Decode(now, preferences.Lenient)
                : decoder.Refuse(now, RejectionReasons.Of(body));
            if (environment.Workspace.Pseudonyms is { } pseudonyms)
            {
                decoder.UsePseudonyms(pseudonyms);
            }

            var record = PendingRecord.Rent();
            decoder.WriteRecord(environment.Utf8Id.Span, record.Body);
            var stored = await journal.AppendAsync(environment.Id, record);
            record.Return();
            if (refusal != RejectionReason.None)
            {
                await RefuseAsync(context, decoder, refusal, stored);
                if (body == JsonBodyOutcome.Complete && refused.AreWanted(environment, length))
                {
                    refused.Offer(environment.Id, new RefusedRequest(RequestFamily.Events, decoder.Source.Written[..length].ToArray(), RefusedRequests.IdOf(context.Response)));
                }
            }
            else if (stored.Outcome != AppendOutcome.Durable)
            {
                metrics.Unavailable();
                await ApiErrorResponse.WriteAsync(context, ApiError.Unavailable);
            }
            else if (preferences == default)
            {
                metrics.Accepted(decoder.Request.Events.Count);
                EventsAnswer.WriteAccepted(context.Response, stored.Position);
            }
            else
            {
                metrics.Accepted(decoder.Request.Events.Count);
                await AcceptAsync(context, environment, decoder, preferences, stored.Position);
            }
        }
        finally
        {
            decoder.Return();
        }
    }

    private Task RefuseAsync(HttpContext context, EventsDecoder decoder, RejectionReason refusal, AppendResult stored)
    {
        metrics.Refused(refusal);
        metrics.Rejected(decoder.Request.Rejections);
        return ApiErrorResponse.WriteAsync(
            context,
            EventsErrors.Of(refusal, decoder.Errors),
            stored.Outcome == AppendOutcome.Durable ? RequestId.Of(stored.Position) : null);
    }

    private async Task AcceptAsync(
        HttpContext context, WorkspaceEnvironment environment, EventsDecoder decoder, Preferences preferences, long position)
    {
        metrics.Rejected(decoder.Request.Rejections);
        var represented = preferences.Representation
            ? await outcomes.OfAsync(environment.Workspace.Id, decoder.Request, position, context.RequestAborted)
            : null;
        await EventsAnswer.WriteAcceptedAsync(context, preferences, position, decoder.Errors, represented);
    }
}
