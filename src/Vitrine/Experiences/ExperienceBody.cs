using System.Text.Json;
using System.Text.Unicode;
using Vitrine.Hosting;

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
    public static async Task<JsonElement> ReadAsync(HttpContext context, string? otherType = null)
    {
        var (outcome, body) = await JsonBody.ReadAsync(context.Request, MaximumBytes, otherType);
        return outcome switch
        {
            JsonBodyOutcome.UnsupportedMediaType => throw new AuthoringRefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                $"Send the body as application/json{(otherType is null ? "" : $" or {otherType}")} (charset UTF-8), with no Content-Encoding but gzip, br or zstd."),
            JsonBodyOutcome.TooLarge => throw new AuthoringRefusedException(StatusCodes.Status413PayloadTooLarge, $"The document has more than {MaximumBytes:N0} bytes."),
            JsonBodyOutcome.Undecodable => throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body is not compressed as its Content-Encoding says."),
            _ when body.Length == 0 => throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body is empty; send a JSON object."),
            _ => Parse(body),
        };
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
