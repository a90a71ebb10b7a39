using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary><c>POST /v1/opengdpr_requests/{workspaceId}</c>: checks who asks, finds who is meant, makes the request durable, and only then answers.</summary>
internal sealed class OpenGdprEndpoint(ErasureRequests requests, IdentityLookup lookup)
{
    private static readonly ApiError Unavailable = ApiError.Unavailable with
    {
        Description = "The request cannot be stored right now. Nothing of it was stored and nobody is erased; send it again after the seconds in Retry-After.",
    };

    /// <summary>Customers that a request erases: an address that thousands of profiles share is a mistake.</summary>
    private const int MaximumCustomers = 1_000;

    private static readonly ApiError TooLarge = ApiError.TooLarge(OpenGdprBody.MaximumBytes);

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, OpenGdprEndpoint endpoint) => routes
        .MapPost("/v1/opengdpr_requests/{workspaceId}", (HttpContext context, string workspaceId) => endpoint.HandleAsync(context, workspaceId))
        .WithName("requestErasure")
        .WithTags("Privacy")
        .WithSummary("Erase customers")
        .WithDescription("The 200 means: the request is on stable storage and will be carried out. Within a second no report, export, decision or receipt knows the customers any more; then the files are written anew without them (GET /api/v1/erasures/{request_id} says how far that is). Their events no longer count; that there were some, and their uuids, stay in the books. Somebody who comes back later is somebody new.")
        .DescribesDataApi<OpenGdprBody, OpenGdprAnswer>();

    private async Task HandleAsync(HttpContext context, string workspaceId)
    {
        var refusal = DataApi.Authenticate(context, workspaceId, RequestKind.Management, out var environment);
        var position = 0L;
        if (refusal is null)
        {
            (refusal, position) = await StoreAsync(context, environment!);
        }

        if (refusal is not null)
        {
            await DataApiError.WriteAsync(context, refusal);
            return;
        }

        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.Body,
            new OpenGdprAnswer("success", DataApi.Accepted, RequestId.Of(position)),
            PrivacyJson.Readable.OpenGdprAnswer,
            context.RequestAborted);
    }

    private async Task<(ApiError? Refusal, long Position)> StoreAsync(HttpContext context, WorkspaceEnvironment environment)
    {
        var body = new ByteWriter();
        var outcome = await JsonBody.ReadAsync(context.Request, body, OpenGdprBody.MaximumBytes);
        if (JsonBody.Refusal(outcome, TooLarge) is { } untaken)
        {
            return (untaken, 0);
        }

        if (OpenGdprBody.Read(body.Written, out var request) is { } refusal)
        {
            return (refusal, 0);
        }

        try
        {
            var customers = await lookup.FindAsync(environment, [.. request.Identities!.OfType<OpenGdprIdentity>()], context.RequestAborted);
            if (customers.Count > MaximumCustomers)
            {
                return (ApiError.InvalidFields($"identities mean {customers.Count:N0} customers; a request erases {MaximumCustomers:N0} at most. Name them by ID, in several requests.", []), 0);
            }

            var stored = await requests.AppendAsync(environment, $"key {Authenticator.Fingerprint(context.Request.Headers)}", customers);
            return stored.Outcome == AppendOutcome.Durable ? (null, stored.Position) : (Unavailable, 0);
        }
        catch (Exception fault) when (fault is ProjectionUnavailableException or ProjectionLimitException)
        {
            return (Unavailable, 0);
        }
    }
}
