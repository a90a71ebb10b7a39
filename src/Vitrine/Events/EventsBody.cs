using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>Takes the body of a request into memory: media type, content encoding and size are checked on the way.</summary>
public static class EventsBody
{
    /// <summary>No coding makes a body that may be taken twice as large as it is.</summary>
    private const int MaximumCompressedBytes = 2 * EventsRules.MaximumBodyBytes;

    /// <summary>
    /// Appends the decompressed body to <paramref name="target"/>. Answers why it cannot be read, or
    /// <see cref="RejectionReason.None"/>.
    /// </summary>
    /// <exception cref="BadHttpRequestException">
    /// The body did not arrive: too slowly (408), broken off, or in broken chunks (400). Nobody can say what it held, so
    /// it is not in the books.
    /// </exception>
    public static async ValueTask<RejectionReason> ReadAsync(HttpRequest request, ByteWriter target)
    {
        if (!IsJson(request.ContentType))
        {
            return RejectionReason.UnsupportedMediaType;
        }

        try
        {
            var encodings = Encodings(request.Headers.ContentEncoding);
            if (encodings.Count == 0)
            {
                return request.ContentLength > EventsRules.MaximumBodyBytes
                    ? RejectionReason.PayloadTooLarge
                    : await CopyAsync(request, target, EventsRules.MaximumBodyBytes);
            }

            if (encodings is not [var encoding] || ContentCoding.Named(encoding) is not { } coding)
            {
                return RejectionReason.UnsupportedMediaType;
            }

            var compressed = new ByteWriter();
            var unread = await CopyAsync(request, compressed, MaximumCompressedBytes);
            return unread == RejectionReason.None && compressed.Length > 0 ? coding.Decompress(compressed.Written, target) : unread;
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return RejectionReason.PayloadTooLarge;
        }
        catch (IOException fault) when (fault is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // Kestrel lets the overflow of a chunk's size through as it is.
            throw new BadHttpRequestException("The chunks of the body are malformed.", fault);
        }
    }

    private static bool IsJson(string? contentType)
    {
        const string json = "application/json";
        return contentType == json
            || (MediaTypeHeaderValue.TryParse(contentType, out var type)
                && type.MediaType.Equals(json, StringComparison.OrdinalIgnoreCase)
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

    private static async ValueTask<RejectionReason> CopyAsync(HttpRequest request, ByteWriter target, int limit)
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
                return RejectionReason.PayloadTooLarge;
            }

            if (read.IsCompleted)
            {
                return RejectionReason.None;
            }
        }
    }
}
