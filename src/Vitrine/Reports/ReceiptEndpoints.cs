using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>GET /api/v1/events/{moe_event_uuid}</c> and <c>GET /api/v1/requests/{req_id}</c>.</summary>
internal static class ReceiptEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/events/{uuid}", EventAsync)
            .WithName("getEventReceipts")
            .WithTags("Tracing")
            .WithSummary("Where is my event?")
            .WithDescription("What became of an event by its moe_event_uuid, an impression, a click or a goal event: a receipt for each request that brought it, and the event that counts.")
            .WithParameter("uuid", "The event's moe_event_uuid.")
            .Produces<EventReceipts>()
            .Refuses(StatusCodes.Status404NotFound);
        api.MapGet("/requests/{requestId}", RequestAsync)
            .WithName("getRequestReceipt")
            .WithTags("Tracing")
            .WithSummary("What became of a request")
            .WithDescription("By the req_id or request_id of a 200, or the x-request-id of refused events. A request that set a customer's attributes has no events.")
            .WithParameter("requestId", "Eight letters and digits.")
            .Produces<RequestReceipt>()
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> EventAsync(HttpContext context, ReportSource source, IJournal journal, string uuid)
    {
        if (!Guid.TryParse(uuid, out var guid))
        {
            return Problem.Result(StatusCodes.Status400BadRequest, $"'{uuid}' is no UUID; one looks like aa886712-4537-47c1-b126-2686efda2e26.");
        }

        var environment = context.Environment();
        var receipts = await source.ReadAsync(
            environment,
            connection => Receipts.Read(connection, journal, environment.Id, Uuids.Of(guid)),
            context.RequestAborted);
        return receipts is null
            ? Problem.Result(StatusCodes.Status404NotFound, $"No request of this environment brought an event {guid}, or it stood beyond the hundredth of a list, which is not read.")
            : Results.Json(receipts, ReportsJson.Readable.EventReceipts);
    }

    private static async Task<IResult> RequestAsync(HttpContext context, ReportSource source, IJournal journal, string requestId)
    {
        if (!RequestId.TryParse(requestId, out var position))
        {
            return Problem.Result(StatusCodes.Status400BadRequest, $"'{requestId}' is no req_id: one has eight letters and digits. An x-request-id of 16 characters left no receipt; that of a 500 is in the server's log.");
        }

        var environment = context.Environment();
        var receipt = await source.ReadAsync(
            environment,
            connection => RequestReceipts.ReadRecord(journal, position, environment.Id) is { } record
                ? RequestReceipts.Read(connection, record, position, environment.Id)
                : null,
            context.RequestAborted);
        return receipt is null
            ? Problem.Result(StatusCodes.Status404NotFound, $"The journal holds no request {requestId} of this environment.")
            : Results.Json(receipt, ReportsJson.Readable.RequestReceipt);
    }
}
