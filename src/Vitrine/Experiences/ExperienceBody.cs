using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Vitrine.Experiences;

/// <summary>Reads the JSON body of a request to change an experience.</summary>
internal static class ExperienceBody
{
    /// <summary>Bytes of a document: with 50 variations of 10 kB each it is half a megabyte.</summary>
    public const int MaximumBytes = 512 * 1024;

    /// <summary>What a merge patch is sent as (RFC 7396).</summary>
    public const string MergePatchType = "application/merge-patch+json";

    /// <summary>Conditions may be ten deep, which takes three levels each at most.</summary>
    private const int MaximumDepth = 64;

    /// <summary>
    /// Objects in a document, so that checking it never takes long: ten audiences with five variations of twenty variables
    /// have a thousand, their conditions as many again.
    /// </summary>
    private const int MaximumObjects = 5_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>The body.</summary>
    /// <exception cref="AuthoringRefusedException">It is no JSON, too large, too deep, or names a property twice.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context, params string[] furtherTypes)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !furtherTypes.Prepend("application/json").Any(accepted => type.MediaType.Equals(accepted, StringComparison.OrdinalIgnoreCase)))
        {
            throw new AuthoringRefusedException(
                StatusCodes.Status415UnsupportedMediaType, $"Send the body as {string.Join(" or ", furtherTypes.Prepend("application/json"))}.");
        }

        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            var consumed = read.Buffer.Start;
            try
            {
                if (read.Buffer.Length > MaximumBytes)
                {
                    throw new AuthoringRefusedException(StatusCodes.Status413PayloadTooLarge, $"The document has more than {MaximumBytes:N0} bytes.");
                }

                if (read.IsCompleted)
                {
                    consumed = read.Buffer.End;
                    return Parse(read.Buffer.ToArray());
                }
            }
            finally
            {
                context.Request.BodyReader.AdvanceTo(consumed, read.Buffer.End);
            }
        }
    }

    private static JsonElement Parse(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body is not encoded as UTF-8.");
        }

        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return CountObjects(body) <= MaximumObjects
                ? document.RootElement.Clone()
                : throw new AuthoringRefusedException(StatusCodes.Status422UnprocessableEntity, $"The document consists of more than {MaximumObjects:N0} objects.");
        }
        catch (InvalidOperationException)
        {
            throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body holds what is no Unicode text: half of a surrogate pair.");
        }
        catch (JsonException fault)
        {
            throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, $"The body is no JSON in UTF-8, nests deeper than {MaximumDepth} levels, or names a property twice: {fault.Message}");
        }
    }

    /// <summary>Counts objects, and refuses texts that nobody could be given back or asked for by.</summary>
    private static int CountObjects(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaximumDepth });
        var count = 0;
        while (reader.Read())
        {
            count += reader.TokenType == JsonTokenType.StartObject ? 1 : 0;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
            {
                throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body holds the character NUL (\\u0000), which no text here has.");
            }
        }

        return count;
    }
}
