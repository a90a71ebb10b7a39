using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Vitrine.Hosting;

/// <summary>An error of the <c>/api</c> family: problem details (RFC 9457).</summary>
/// <param name="Title">The name of the status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was wrong and what would be right.</param>
/// <param name="RequestId">By which the log finds it.</param>
public sealed record ProblemDocument(
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("request_id")] string RequestId)
{
    /// <summary>What was wrong with which part of what was sent.</summary>
    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ApiFieldError>? Errors { get; init; }
}

/// <summary>Writes problem details.</summary>
public static class Problem
{
    private const int MaximumErrors = 100;

    /// <summary>Answers with a problem, and with what was wrong with which part of what was sent, a hundred parts at most.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string detail, IReadOnlyList<ApiFieldError>? errors = null)
    {
        var id = ApiErrorResponse.NewRequestId(context);
        context.Response.StatusCode = status;
        context.Response.Headers["x-request-id"] = id;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"vitrine\", charset=\"UTF-8\"";
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        context.Response.ContentType = "application/problem+json";
        var document = new ProblemDocument(ReasonPhrases.GetReasonPhrase(status), status, detail, id)
        {
            Errors = errors is { Count: > 0 } ? [.. errors.Take(MaximumErrors)] : null,
        };
        await JsonSerializer.SerializeAsync(context.Response.Body, document, ProblemJson.Readable.ProblemDocument, context.RequestAborted);
    }

    /// <summary>A problem as the result of an endpoint.</summary>
    public static IResult Result(int status, string detail, IReadOnlyList<ApiFieldError>? errors = null) =>
        new ProblemResult(status, detail, errors);

    private sealed class ProblemResult(int status, string detail, IReadOnlyList<ApiFieldError>? errors) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, status, detail, errors);
    }
}

/// <summary>The serialised shape of problem details.</summary>
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ProblemJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
