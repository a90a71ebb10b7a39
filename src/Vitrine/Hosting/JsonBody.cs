using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Vitrine.Journal;

namespace Vitrine.Hosting;

/// <summary>Takes the body of a request into memory: media type, content encoding and size are checked on the way.</summary>
public static class JsonBody
{
    /// <summary>Appends the decompressed body to <paramref name="target"/>, or a part of it where it cannot be taken.</summary>
    /// <param name="request">Whose body has not been read yet.</param>
    /// <param name="target">Empty; what it holds is counted.</param>
    /// <param name="limit">Bytes that the body may have after decompression.</param>
    /// <param name="otherType">A media type beside <c>application/json</c> that is taken; null: none.</param>
    /// <exception cref="BadHttpRequestException">
    /// The body did not arrive: too slowly (408), broken off, or in broken chunks (400). Nobody can say what it held.
    /// </exception>
    public static async ValueTask<JsonBodyOutcome> ReadAsync(HttpRequest request, ByteWriter target, int limit, string? otherType = null)
    {
        if (!IsJson(request.ContentType, otherType))
        {
            return JsonBodyOutcome.UnsupportedMediaType;
        }

        try
        {
            var encodings = Encodings(request.Headers.ContentEncoding);
            if (encodings.Count == 0)
            {
                return request.ContentLength > limit
                    ? JsonBodyOutcome.TooLarge
                    : await CopyAsync(request, target, limit);
            }

            if (encodings is not [var encoding] || ContentCoding.Named(encoding) is not { } coding)
            {
                return JsonBodyOutcome.UnsupportedMediaType;
            }

            var compressed = new ByteWriter();
            var outcome = await CopyAsync(request, compressed, 2 * limit); // No coding makes a body twice as large as it is.
            return outcome == JsonBodyOutcome.Complete && compressed.Length > 0 ? coding.Decompress(compressed.Written, target, limit) : outcome;
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return JsonBodyOutcome.TooLarge;
        }
        catch (IOException fault) when (fault is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // Kestrel lets the overflow of a chunk's size through as it is.
            throw new BadHttpRequestException("The chunks of the body are malformed.", fault);
        }
    }

    /// <summary>The decompressed body; empty where it cannot be taken.</summary>
    public static async ValueTask<(JsonBodyOutcome Outcome, byte[] Body)> ReadAsync(HttpRequest request, int limit, string? otherType = null)
    {
        var target = new ByteWriter();
        var outcome = await ReadAsync(request, target, limit, otherType);
        return (outcome, outcome == JsonBodyOutcome.Complete ? target.Written.ToArray() : []);
    }

    /// <summary>Why a body that was not taken is refused; null when it was.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="tooLarge">The refusal of one beyond the limit.</param>
    public static ApiError? Refusal(JsonBodyOutcome outcome, ApiError tooLarge) => outcome switch
    {
        JsonBodyOutcome.TooLarge => tooLarge,
        JsonBodyOutcome.UnsupportedMediaType => ApiError.UnsupportedMediaType,
        JsonBodyOutcome.Undecodable => ApiError.MalformedJson,
        _ => null,
    };

    private static bool IsJson(string? contentType, string? otherType)
    {
        const string json = "application/json";
        return contentType == json
            || (MediaTypeHeaderValue.TryParse(contentType, out var type)
                && (type.MediaType.Equals(json, StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals(otherType, StringComparison.OrdinalIgnoreCase))
                && (type.Charset.Length == 0
                    || HeaderUtilities.RemoveQuotes(type.Charset) is var charset
                    && (charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>The codings that were applied, without those that change nothing.</summary>
    private static IReadOnlyList<string> Encodings(StringValues header) => header.Count == 0
        ? []
        : [.. header.SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(static encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))];

    private static async ValueTask<JsonBodyOutcome> CopyAsync(HttpRequest request, ByteWriter target, int limit)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(request.HttpContext.RequestAborted);
            var fits = target.Length + read.Buffer.Length <= limit;
            if (fits)
            {
                foreach (var segment in read.Buffer)
                {
                    target.WriteRaw(segment.Span);
                }
            }

            body.AdvanceTo(read.Buffer.End);
            if (!fits)
            {
                return JsonBodyOutcome.TooLarge;
            }

            if (read.IsCompleted)
            {
                return JsonBodyOutcome.Complete;
            }
        }
    }
}
