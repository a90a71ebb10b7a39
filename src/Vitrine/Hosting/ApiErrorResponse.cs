using System.Security.Cryptography;
using System.Text.Json;

namespace Vitrine.Hosting;

/// <summary>Writes an <see cref="ApiError"/> as the answer of a request.</summary>
public static class ApiErrorResponse
{
    private const string RequestIdHeader = "x-request-id";
    private const string IdAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Seconds after which a client may try again when nothing better is known.</summary>
    private const string RetryAfter = "1";

    /// <summary>
    /// Answers with the error. Without a <paramref name="requestId"/> the request left no receipt, and the id, 16
    /// characters, serves to find it in the log only.
    /// </summary>
    public static Task WriteAsync(HttpContext context, ApiError error, string? requestId = null)
    {
        var response = context.Response;
        SetHeaders(response, error.Status, requestId ?? NewRequestId(context));
        var body = JsonSerializer.SerializeToUtf8Bytes(error, ApiErrorJson.Readable.ApiError);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>Sets the status of an error and the headers that belong to it.</summary>
    internal static void SetHeaders(HttpResponse response, int status, string requestId)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers[RequestIdHeader] = requestId;
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"vitrine\", charset=\"UTF-8\"";
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfter;
        }
        else if (status == StatusCodes.Status415UnsupportedMediaType)
        {
            response.Headers.AcceptEncoding = "gzip, br, zstd";
        }
    }

    /// <summary>The id of a request that leaves no receipt; the same one all through the request.</summary>
    public static string NewRequestId(HttpContext context)
    {
        if (context.Items.TryGetValue(RequestIdHeader, out var known))
        {
            return (string)known!;
        }

        var id = RandomNumberGenerator.GetString(IdAlphabet, 16);
        context.Items[RequestIdHeader] = id;
        return id;
    }
}

/// <summary>An <see cref="ApiError"/> as the result of an endpoint.</summary>
public sealed class ApiErrorResult(ApiError error) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => ApiErrorResponse.WriteAsync(httpContext, error);
}
