using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary>
/// <c>POST /v1/customer/{workspaceId}</c>: checks who asks, reads and checks the body, makes it durable, and only then
/// answers. What it refuses is not journaled: the books are about events.
/// </summary>
internal sealed class CustomerUpdateEndpoint(CustomerChanges changes, RefusedRequests refused, CustomersMetrics metrics)
{
    private static readonly ApiError Unavailable = ApiError.Unavailable with
    {
        Description = "The attributes cannot be stored right now. Nothing of this request was stored; send it again after the seconds in Retry-After.",
    };

    private static readonly ApiError TooLarge = ApiError.TooLarge(CustomerUpdate.MaximumBodyBytes) with
    {
        Description = $"The request body exceeds {CustomerUpdate.MaximumBodyBytes:N0} bytes, counted after decompression. Send fewer attributes in a request.",
    };

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, CustomerUpdateEndpoint endpoint) => routes
        .MapPost("/v1/customer/{workspaceId}", (HttpContext context, string workspaceId) => endpoint.HandleAsync(context, workspaceId))
        .WithName("updateCustomer")
        .WithTags("Customers")
        .WithSummary("Set attributes of a customer")
        .WithDescription(CustomerUpdateBody.Promise.ReplaceLineEndings(" "))
        .DescribesDataApi<CustomerUpdateBody, CustomerUpdateAnswer>();

    private async Task HandleAsync(HttpContext context, string workspaceId)
    {
        var refusal = DataApi.Authenticate(context, workspaceId, RequestKind.Report, out var environment);
        var position = 0L;
        var body = new ByteWriter();
        if (refusal is null)
        {
            (refusal, position) = await StoreAsync(context.Request, body, environment!);
        }

        if (refusal is not null)
        {
            metrics.Refused(refusal.Status);
            await DataApiError.WriteAsync(context, refusal);
            if (refusal.Status == StatusCodes.Status400BadRequest && body.Length > 0 && refused.AreWanted(environment!, body.Length))
            {
                refused.Offer(environment!.Id, new RefusedRequest(RequestFamily.Customers, body.Written.ToArray(), RefusedRequests.IdOf(context.Response)));
            }

            return;
        }

        metrics.Accepted();
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.Body,
            new CustomerUpdateAnswer("success", DataApi.Accepted, RequestId.Of(position)),
            CustomersJson.Readable.CustomerUpdateAnswer,
            context.RequestAborted);
    }

    private async Task<(ApiError? Refusal, long Position)> StoreAsync(HttpRequest request, ByteWriter body, WorkspaceEnvironment environment)
    {
        var outcome = await JsonBody.ReadAsync(request, body, CustomerUpdate.MaximumBodyBytes);
        if (JsonBody.Refusal(outcome, TooLarge) is { } untaken)
        {
            return (untaken, 0);
        }

        if (CustomerUpdate.Read(body.Written, out var update) is { } refusal)
        {
            return (refusal, 0);
        }

        var stored = await changes.AppendAsync(environment, update.CustomerId, update.Attributes);
        return stored.Outcome == AppendOutcome.Durable ? (null, stored.Position) : (Unavailable, 0);
    }
}
