using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Hosting;

/// <summary>A refusal by one of the endpoints that the vendor's Data API has beside its Personalize API.</summary>
/// <param name="Status">Always <c>fail</c>.</param>
/// <param name="Error">What was wrong.</param>
public sealed record DataApiError(
    [property: JsonPropertyName("status"), OneOf("fail")] string Status, [property: JsonPropertyName("error")] DataApiErrorDetail Error)
{
    private static readonly PathString[] Paths = ["/v1/customer", "/v1/event", "/v1/opengdpr_requests"];

    /// <summary>Whether a path is one of those that are refused in this shape.</summary>
    public static bool IsShapeOf(PathString path) => Array.Exists(Paths, known => path.StartsWithSegments(known, StringComparison.Ordinal));

    /// <summary>
    /// Answers with the error. Without a <paramref name="requestId"/> the request left no receipt, and the id, 16
    /// characters, serves to find it in the log only.
    /// </summary>
    public static Task WriteAsync(HttpContext context, ApiError error, string? requestId = null)
    {
        var id = requestId ?? ApiErrorResponse.NewRequestId(context);
        ApiErrorResponse.SetHeaders(context.Response, error.Status, id);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new DataApiError("fail", new DataApiErrorDetail(error.Title, error.Description, id)), DataApiErrorJson.Readable.DataApiError);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length);
    }
}

/// <summary>What was wrong with a request.</summary>
/// <param name="Type">What kind of error it is.</param>
/// <param name="Message">What was wrong and what would be right.</param>
/// <param name="RequestId">By which the log finds it.</param>
public sealed record DataApiErrorDetail(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("request_id")] string RequestId);

/// <summary>The serialised shape of these errors.</summary>
[JsonSerializable(typeof(DataApiError))]
internal sealed partial class DataApiErrorJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static DataApiErrorJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
