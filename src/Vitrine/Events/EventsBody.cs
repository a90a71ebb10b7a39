using System.Buffers;
using System.IO.Compression;
using Microsoft.Net.Http.Headers;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using ZstdSharp;

namespace Vitrine.Events;

/// <summary>Takes the body of a request into memory: media type, content encoding and size are checked on the way.</summary>
public static class EventsBody
{
    private const int ChunkBytes = 64 * 1024;

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

        var encoding = request.Headers.ContentEncoding;
        try
        {
            if (encoding.Count == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
            {
                return request.ContentLength > EventsRules.MaximumBodyBytes
                    ? RejectionReason.PayloadTooLarge
                    : await CopyAsync(request, target);
            }

            using var decompressed = Decompress(encoding.ToString().Trim(), request.Body);
            return decompressed is null
                ? RejectionReason.UnsupportedMediaType
                : await CopyAsync(decompressed, target, request.HttpContext.RequestAborted);
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            return RejectionReason.MalformedJson;
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

    private static Stream? Decompress(string encoding, Stream body) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        "zstd" => Zstandard(body),
        _ => null,
    };

    /// <summary>RFC 8878 asks decoders for windows of 8 MiB; a body of ours never needs a larger one.</summary>
    private static DecompressionStream Zstandard(Stream body)
    {
        var stream = new DecompressionStream(body, leaveOpen: true);
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, 23);
        return stream;
    }

    private static async ValueTask<RejectionReason> CopyAsync(HttpRequest request, ByteWriter target)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(request.HttpContext.RequestAborted);
            var fits = target.Length + read.Buffer.Length <= EventsRules.MaximumBodyBytes;
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

    private static async ValueTask<RejectionReason> CopyAsync(Stream body, ByteWriter target, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (await body.ReadAsync(chunk, cancellation) is > 0 and var read)
            {
                if (target.Length + read > EventsRules.MaximumBodyBytes)
                {
                    return RejectionReason.PayloadTooLarge;
                }

                target.WriteRaw(chunk.AsSpan(0, read));
            }

            return RejectionReason.None;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
