using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary>
/// <c>POST /v1/customer/{workspaceId}</c>: checks who asks, reads and checks the body, makes it durable, and only then
/// answers. What it refuses is not journaled: the books are about events.
/// </summary>
internal sealed class CustomerUpdateEndpoint(Authenticator authenticator, CustomerChanges changes, CustomersMetrics metrics)
{
    private const string Message = "Your request has been accepted and will be processed soon.";

    /// <summary>
    /// Keeps routing from refusing a media type before the credentials are checked and without the contract's words.
    /// </summary>
    private const string AnyMediaType = "*/*";

    private static readonly ApiError Unavailable = ApiError.Unavailable with
    {
        Description = "The attributes cannot be stored right now. Nothing of this request was stored; send it again after the seconds in Retry-After.",
    };

    private static readonly ApiError TooLarge = ApiError.TooLarge(CustomerUpdate.MaximumBodyBytes) with
    {
        Description = $"The request body exceeds {CustomerUpdate.MaximumBodyBytes:N0} bytes, counted after decompression. Send fewer attributes in a request.",
    };

    private static readonly ApiError AnotherWorkspace = ApiError.Unauthenticated with
    {
        Description = "The path names another workspace than MOE-APPKEY and the credentials. Send the same workspace id in all three.",
    };

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, CustomerUpdateEndpoint endpoint) => routes
        .MapPost("/v1/customer/{workspaceId}", (HttpContext context, string workspaceId) => endpoint.HandleAsync(context, workspaceId))
        .WithName("updateCustomer")
        .WithTags("Customers")
        .WithSummary("Set attributes of a customer")
        .WithDescription(CustomerUpdateBody.Promise.ReplaceLineEndings(" "))
        .WithParameter("workspaceId", "The workspace id, with the suffix _DEBUG for its test environment; the same as MOE-APPKEY.")
        .WithHeader("MOE-APPKEY", "The workspace id; the same as the user name of the credentials. MOE-DBNAME is an old name of it.", required: true)
        .WithHeader("Content-Encoding", "gzip, br or zstd, where the body is compressed.")
        .Accepts<CustomerUpdateBody>("application/json", AnyMediaType)
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(AnyMediaType);
            return Task.CompletedTask;
        })
        .Produces<CustomerUpdateAnswer>()
        .Produces<DataApiError>(StatusCodes.Status400BadRequest)
        .Produces<DataApiError>(StatusCodes.Status401Unauthorized)
        .Produces<DataApiError>(StatusCodes.Status413PayloadTooLarge)
        .Produces<DataApiError>(StatusCodes.Status415UnsupportedMediaType)
        .Produces<DataApiError>(StatusCodes.Status503ServiceUnavailable)
        .WithAnswerHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds after which the request can be sent again.");

    private async Task HandleAsync(HttpContext context, string workspaceId)
    {
        var outcome = authenticator.Authenticate(context.Request.Headers, out var environment);
        var refusal = outcome == AuthenticationOutcome.UnknownTenant ? ApiError.UnknownTenant
            : outcome == AuthenticationOutcome.InvalidCredentials ? ApiError.Unauthenticated
            : workspaceId != environment!.Id ? AnotherWorkspace
            : null;
        var position = 0L;
        if (refusal is null)
        {
            (refusal, position) = await StoreAsync(context.Request, environment!);
        }

        if (refusal is not null)
        {
            metrics.Refused(refusal.Status);
            await DataApiError.WriteAsync(context, refusal);
            return;
        }

        metrics.Accepted();
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.Body,
            new CustomerUpdateAnswer("success", Message, RequestId.Of(position)),
            CustomersJson.Readable.CustomerUpdateAnswer,
            context.RequestAborted);
    }

    private async Task<(ApiError? Refusal, long Position)> StoreAsync(HttpRequest request, WorkspaceEnvironment environment)
    {
        var body = new ByteWriter();
        switch (await JsonBody.ReadAsync(request, body, CustomerUpdate.MaximumBodyBytes))
        {
            case JsonBodyOutcome.UnsupportedMediaType:
                return (ApiError.UnsupportedMediaType, 0);
            case JsonBodyOutcome.TooLarge:
                return (TooLarge, 0);
            case JsonBodyOutcome.Undecodable:
                return (ApiError.MalformedJson, 0);
        }

        if (CustomerUpdate.Read(body.Written, out var update) is { } refusal)
        {
            return (refusal, 0);
        }

        var stored = await changes.AppendAsync(environment, update.CustomerId, update.Attributes);
        return stored.Outcome == AppendOutcome.Durable ? (null, stored.Position) : (Unavailable, 0);
    }
}
