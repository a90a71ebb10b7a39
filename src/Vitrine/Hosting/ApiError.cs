using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Vitrine.Hosting;

/// <summary>An error of the <c>/v1</c> family, in the shape and the words of the wire contract.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What kind of error it is.</param>
/// <param name="Description">What was wrong and what would be right.</param>
public sealed record ApiError(
    [property: JsonIgnore] int Status,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("description")] string Description)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Eight random letters, on validation failures only.</summary>
    [JsonPropertyName("code")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>What exactly failed validation; at most 20 entries.</summary>
    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ApiFieldError>? Errors { get; init; }

    /// <summary>The tenant header is missing or names no workspace.</summary>
    public static ApiError UnknownTenant { get; } = new(
        400, "Request Error", "MoEngage Client not found. Please check values for headers - MOE-APPKEY or MOE-DBNAME");

    /// <summary>The credentials are missing or wrong.</summary>
    public static ApiError Unauthenticated { get; } = new(
        401, "Authentication required", "Invalid API_KEY used in Authentication Header");

    /// <summary>The key is one that pages and apps hold, and the endpoint is for servers.</summary>
    public static ApiError SecretKeyNeeded { get; } = new(
        401, "Authentication required", "A client key reports impressions and clicks and fetches experiences; this endpoint needs a secret key, which belongs on a server.");

    /// <summary>The body is no JSON.</summary>
    public static ApiError MalformedJson { get; } = new(
        400, "Malformed JSON", "Could not decode the request body. The JSON was incorrect or not encoded as UTF-8.");

    /// <summary>There is no body.</summary>
    public static ApiError EmptyBody { get; } = new(400, "Empty request body", "A valid JSON document is required");

    /// <summary>Nothing of the request was stored; it can be sent again.</summary>
    public static ApiError Unavailable { get; } = new(
        503, "Service Unavailable", "The events cannot be stored right now. Nothing of this request was stored; send it again after the seconds in Retry-After.");

    /// <summary>A fault of the server.</summary>
    public static ApiError ServerError { get; } = new(
        500, "Server Error", "An unexpected error was encountered while processing this request.");

    /// <summary>A page uses a client key that is not for its origin.</summary>
    public static ApiError OriginNotAllowed(string origin) => new(
        403, "Origin not allowed", $"No client key that this request could use allows the origin '{origin}'. Whoever runs the server makes one: vitrine key create --client --origin {(origin.Length == 0 ? "…" : origin)}");

    /// <summary>There is no request left in this minute.</summary>
    /// <param name="reason">Whose limit is reached, without a full stop.</param>
    public static ApiError TooManyRequests(string reason) => new(
        429, "Rate Limit Exceeded", $"{reason}. Nothing of this request was stored; send it again after the seconds in Retry-After.");

    /// <summary>The body is too large.</summary>
    public static ApiError TooLarge(int limit) => new(
        413, "Payload too large", $"The request body exceeds {limit:N0} bytes, counted after decompression. Send less in a request.");

    /// <summary>The media type or the content encoding is not accepted.</summary>
    public static ApiError UnsupportedMediaType { get; } = new(
        415,
        "Unsupported Media Type",
        "The request body must be sent with Content-Type: application/json (charset UTF-8) and no Content-Encoding but gzip, br or zstd.");

    /// <summary>Fields do not hold what they must.</summary>
    public static ApiError InvalidFields(string description, IReadOnlyList<ApiFieldError> errors) =>
        new(400, "Invalid Field Value", description)
        {
            Code = RandomNumberGenerator.GetString(Letters, 8),
            Errors = errors,
        };

    /// <summary>What a status that no endpoint explained means.</summary>
    public static ApiError OfStatus(int status) => status switch
    {
        400 => new(400, "Bad Request", "The request could not be read: its body was broken off, or its parts contradict each other."),
        408 => new(408, "Request Timeout", "The body did not arrive in time. Nothing of this request was stored; send it again."),
        404 => new(404, "Not Found", "There is no such endpoint. See /docs for what there is."),
        405 => new(405, "Method Not Allowed", "This endpoint takes another method; the Allow header names it."),
        413 => new(413, "Payload too large", "The request body is larger than this server reads."),
        500 => ServerError,
        _ => new(status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), "The request could not be processed."),
    };
}

/// <summary>One field that failed validation.</summary>
/// <param name="Path">JSON pointer to the field.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public sealed record ApiFieldError(
    [property: JsonPropertyName("path")] string Path, [property: JsonPropertyName("reason")] string Reason);

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(ApiError))]
internal sealed partial class ApiErrorJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ApiErrorJson Readable { get; } = new(new System.Text.Json.JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
