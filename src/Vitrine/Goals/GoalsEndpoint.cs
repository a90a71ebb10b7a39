using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Goals;

/// <summary>
/// <c>POST /v1/event/{workspaceId}</c>: checks who asks, reads and checks the body, makes it durable, and only then
/// answers.
/// </summary>
/// <remarks>
/// A refused request is journaled too, so that the ledger accounts for it and its receipt can be asked for; whether that
/// succeeds changes nothing about its 400. Only a good request needs the journal, and is answered 503 when it cannot have it.
/// </remarks>
internal sealed class GoalsEndpoint(
    IJournal journal, DuplicateEvents duplicates, RefusedRequests refused, GoalsMetrics metrics, TimeProvider time)
{
    private static readonly ApiError TooLarge = ApiError.TooLarge(GoalRules.MaximumBodyBytes) with
    {
        Description = $"The request body exceeds {GoalRules.MaximumBodyBytes:N0} bytes, counted after decompression. Send fewer actions in a request.",
    };

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, GoalsEndpoint endpoint) => routes
        .MapPost("/v1/event/{workspaceId}", (HttpContext context, string workspaceId) => endpoint.HandleAsync(context, workspaceId))
        .WithName("reportGoalEvents")
        .WithTags("Customers")
        .WithSummary("Report what a customer did")
        .WithDescription(GoalBody.Promise.ReplaceLineEndings(" "))
        .WithHeader("Prefer", "handling=lenient stores the good events although others are bad; return=representation waits and says of each event what became of it. Both may stand, separated by a comma.")
        .DescribesDataApi<GoalBody, GoalAnswer>()
        .WithAnswerHeader(StatusCodes.Status200OK, "Preference-Applied", "Which preferences were followed.");

    private async Task HandleAsync(HttpContext context, string workspaceId)
    {
        if (DataApi.Authenticate(context, workspaceId, RequestKind.Report, out var environment) is { } stranger)
        {
            metrics.Refused(stranger.Status, null);
            await DataApiError.WriteAsync(context, stranger);
            return;
        }

        var preferences = Preferences.Of(context.Request.Headers["Prefer"]);
        var decoder = new GoalDecoder();
        var body = await JsonBody.ReadAsync(context.Request, decoder.Source, GoalRules.MaximumBodyBytes);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var length = decoder.Source.Length;
        var refusal = body == JsonBodyOutcome.Complete ? decoder.Decode(now, preferences.Lenient) : decoder.Refuse(now, RejectionReasons.Of(body));
        if (environment!.Workspace.Pseudonyms is { } pseudonyms && decoder.Request.CustomerId.Length > 0)
        {
            decoder.Request.CustomerId = Slice.Replaced(decoder.Request.CustomerId, decoder.Source, Pseudonyms.Length, pseudonyms.Write);
        }

        var record = PendingRecord.Rent();
        GoalRequestCodec.Write(decoder.Request, decoder.Source.Written, environment!.Utf8Id.Span, record.Body);
        var stored = await journal.AppendAsync(environment.Id, record);
        record.Return();
        if (refusal != RejectionReason.None)
        {
            var error = ErrorOf(refusal, decoder.Errors);
            metrics.Refused(error.Status, decoder.Request);
            await DataApiError.WriteAsync(context, error, stored.Outcome == AppendOutcome.Durable ? RequestId.Of(stored.Position) : null);
            if (body == JsonBodyOutcome.Complete && refused.AreWanted(environment, length))
            {
                refused.Offer(environment.Id, new RefusedRequest(RequestFamily.Goals, decoder.Source.Written[..length].ToArray(), RefusedRequests.IdOf(context.Response)));
            }
        }
        else if (stored.Outcome != AppendOutcome.Durable)
        {
            metrics.Refused(ApiError.Unavailable.Status, null);
            await DataApiError.WriteAsync(context, ApiError.Unavailable);
        }
        else
        {
            metrics.Accepted(decoder.Request);
            await AcceptAsync(context, environment, decoder, preferences, stored.Position);
        }
    }

    private async Task AcceptAsync(HttpContext context, WorkspaceEnvironment environment, GoalDecoder decoder, Preferences preferences, long position)
    {
        var known = preferences.Representation ? await duplicates.OfAsync(environment.Workspace.Id, position, context.RequestAborted) : null;
        preferences.SayApplied(context.Response, known is not null);
        context.Response.ContentType = "application/json";
        var answer = new GoalAnswer("success", DataApi.Accepted, RequestId.Of(position))
        {
            Errors = preferences.Lenient ? [.. decoder.Errors.DistinctBy(static error => error.Action).Select(static error => error.Named)] : null,
            Events = known is null ? null : [.. decoder.Request.Actions.Select(action => new GoalOutcome(
                EventPath.Of(GoalRequest.NoElement, action.Index), known.Contains((GoalRequest.NoElement, action.Index)) ? "duplicate" : "stored")
            {
                Uuid = action.Uuid is { } uuid ? Uuids.Format(uuid) : null,
            })],
        };
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, GoalsJson.Readable.GoalAnswer, context.RequestAborted);
    }

    private static ApiError ErrorOf(RejectionReason refusal, IReadOnlyList<GoalError> errors) => refusal switch
    {
        RejectionReason.EmptyBody => ApiError.EmptyBody,
        RejectionReason.MalformedJson => ApiError.MalformedJson,
        RejectionReason.PayloadTooLarge => TooLarge,
        RejectionReason.UnsupportedMediaType => ApiError.UnsupportedMediaType,
        _ => ApiError.InvalidFields(
            string.Join("; ", errors.Take(GoalRules.ErrorsNamed).Select(static error => $"{error.Path} {error.Reason}".TrimStart('/').TrimStart())),
            [.. errors.Select(static error => error.Named)]),
    };
}
