using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary><c>GET /api/v1/erasures</c>, one of them, and <c>GET /api/v1/customers/{customerId}/export</c>.</summary>
internal static class PrivacyEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/erasures", static (HttpContext context, ErasureList list) => Results.Json(
                new ErasureListAnswer([.. list.Of(context.Environment().Id).Select(ErasureAnswer.Of)]), PrivacyJson.Readable.ErasureListAnswer))
            .WithName("listErasures")
            .WithTags("Privacy")
            .WithSummary("Which customers were erased, without saying who they were")
            .WithDescription("The newest first. They stay for ever, so that an erasure is done again where older data are restored.")
            .Produces<ErasureListAnswer>();
        api.MapGet("/erasures/{requestId}", ReadAsync)
            .WithName("getErasure")
            .WithTags("Privacy")
            .WithSummary("How far an erasure is")
            .WithParameter("requestId", "The request_id of the answer that accepted it.")
            .Produces<ErasureAnswer>()
            .Refuses(StatusCodes.Status404NotFound);
        api.MapGet("/customers/{customerId}/export", ExportAsync)
            .WithName("exportCustomer")
            .WithTags("Privacy")
            .WithSummary("Everything that is known of a customer, as one archive")
            .WithDescription("A ZIP: profile.json, events.ndjson and goal-events.ndjson as the exports have them, and journal.ndjson: every record that mentions the customer, without what it says of others. Reads the whole journal, which takes about a minute for a hundred million events. 404 when nothing is known.")
            .WithParameter("customerId", "The customer's id, as events and attributes name it.")
            .Produces<string>(StatusCodes.Status200OK, "application/zip")
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ReadAsync(HttpContext context, ErasureList list, IJournal journal, Projector projector, string requestId)
    {
        if (RequestId.TryParse(requestId, out var position) && position > 0 && position <= await journal.FindHeadAsync(context.RequestAborted))
        {
            await projector.WaitForAsync(position, TimeSpan.FromSeconds(1), context.RequestAborted);
        }

        return list.Of(context.Environment().Id).FirstOrDefault(one => one.RequestId == requestId) is { } erasure
            ? Results.Json(ErasureAnswer.Of(erasure), PrivacyJson.Readable.ErasureAnswer)
            : Problem.Result(StatusCodes.Status404NotFound, $"No erasure '{requestId}' of this environment is in the list; one that was just accepted is within a second.");
    }

    private static async Task<IResult> ExportAsync(HttpContext context, CustomerExport export, string customerId)
    {
        customerId = IdFromPath.Of(context, customerId);
        return await export.SendAsync(context, context.Environment(), customerId)
            ? Results.Empty
            : Problem.Result(StatusCodes.Status404NotFound, $"Nothing of a customer '{customerId}' of this environment is known.");
    }
}

/// <summary>The list of erasures.</summary>
public sealed record ErasureListAnswer([property: JsonPropertyName("erasures")] IReadOnlyList<ErasureAnswer> Erasures);

/// <summary>An erasure.</summary>
/// <param name="RequestId">By which the answer named it; null where it comes from another data folder.</param>
/// <param name="ReceivedAt">When it was asked for.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Customers">How many customers it is about.</param>
/// <param name="State"><c>erasing</c>: nothing that is asked knows them any more, files are still written anew; <c>erased</c>: nothing of them is left in any file of the data folder.</param>
/// <param name="CompletedAt">Since when that is so.</param>
public sealed record ErasureAnswer(
    [property: JsonPropertyName("request_id")] string? RequestId,
    [property: JsonPropertyName("received_at")] string ReceivedAt,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("customers")] int Customers,
    [property: JsonPropertyName("state"), OneOf("erasing", "erased")] string State,
    [property: JsonPropertyName("completed_at")] string? CompletedAt)
{
    internal static ErasureAnswer Of(Erasure erasure) => new(
        erasure.RequestId,
        Timestamps.FromMilliseconds(erasure.ReceivedAt.ToUnixTimeMilliseconds()),
        erasure.By,
        erasure.Hashes.Count,
        erasure.CompletedAt is null ? "erasing" : "erased",
        erasure.CompletedAt is { } end ? Timestamps.FromMilliseconds(end.ToUnixTimeMilliseconds()) : null);
}

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(OpenGdprBody))]
[JsonSerializable(typeof(OpenGdprAnswer))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(ErasureListAnswer))]
internal sealed partial class PrivacyJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static PrivacyJson Readable { get; } = new(new System.Text.Json.JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
