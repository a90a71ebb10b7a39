using System.Text;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Workspaces;

namespace Vitrine.Customers;

/// <summary><c>GET</c> and <c>DELETE /api/v1/customers/{customerId}</c>.</summary>
internal static class CustomerEndpoints
{
    private const string Parameter = "The customer's id, as events and attributes name it.";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/customers/{customerId}", ReadAsync)
            .WithName("getCustomer")
            .WithTags("Customers")
            .WithSummary("What is known of a customer")
            .WithDescription("The profile, and how often and when experiences were shown to the customer and clicked. 404 when there is neither a profile nor an event.")
            .WithParameter("customerId", Parameter)
            .Produces<CustomerAnswer>()
            .Refuses(StatusCodes.Status404NotFound);
        api.MapDelete("/customers/{customerId}", RemoveAsync)
            .WithName("removeCustomerProfile")
            .WithTags("Customers")
            .WithSummary("Remove a customer's profile")
            .WithDescription("204 means: the removal is on stable storage. The profile is then gone from this interface and from decisions a moment later, and stays gone; attributes that are set afterwards begin a new one. The customer's events stay and are counted as before, and records of the journal that are not trimmed yet still hold what was sent: erasing those is not part of this. 404 when there is no profile.")
            .WithParameter("customerId", Parameter)
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ReadAsync(HttpContext context, CustomerSource source, string customerId)
    {
        customerId = IdFromPath.Of(context, customerId);
        return await source.ReadAsync(context.Environment(), customerId, context.RequestAborted) is { } answer
            ? Results.Json(answer, CustomersJson.Readable.CustomerAnswer)
            : Problem.Result(StatusCodes.Status404NotFound, $"No attribute and no event of a customer '{customerId}' of this environment is known.");
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, CustomerSource source, CustomerChanges changes, string customerId)
    {
        var environment = context.Environment();
        customerId = IdFromPath.Of(context, customerId);
        if (!await source.MayHaveProfileAsync(environment, customerId, context.RequestAborted))
        {
            return Problem.Result(StatusCodes.Status404NotFound, $"The customer '{customerId}' of this environment has no profile.");
        }

        var stored = await changes.AppendAsync(environment, Encoding.UTF8.GetBytes(customerId), []);
        return stored.Outcome == AppendOutcome.Durable
            ? Results.NoContent()
            : Problem.Result(StatusCodes.Status503ServiceUnavailable, "The removal cannot be stored right now. Nothing was removed; ask again after the seconds in Retry-After.");
    }
}
