using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Hosting;
using Vitrine.Journal;

namespace Vitrine.Statistics;

/// <summary>Reads the body of a question to a calculator.</summary>
internal static class StatisticsBody
{
    /// <summary>The largest size of a figure: squares and products of such are still numbers.</summary>
    public const double LargestFigure = 1e60;

    /// <summary>The most customers that can be reckoned with.</summary>
    public const long MostCustomers = 1_000_000_000_000;

    private const int MaximumBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Says what every calculator refuses.</summary>
    public static RouteHandlerBuilder Calculates<TBody, TAnswer>(this RouteHandlerBuilder endpoint)
        where TBody : notnull => endpoint
        .Accepts<TBody>("application/json")
        .Produces<TAnswer>()
        .Refuses(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    /// <summary>The body, or the refusal of what is none.</summary>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var bytes = new ByteWriter();
        switch (await JsonBody.ReadAsync(context.Request, bytes, MaximumBytes))
        {
            case JsonBodyOutcome.UnsupportedMediaType:
                return (null, Problem.Result(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json."));
            case JsonBodyOutcome.TooLarge:
                return (null, Problem.Result(StatusCodes.Status413PayloadTooLarge, $"The body has more than {MaximumBytes:N0} bytes."));
            case JsonBodyOutcome.Undecodable:
                return (null, Problem.Result(StatusCodes.Status400BadRequest, "The body cannot be decompressed."));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.Written.ToArray(), Strict);
            return document.RootElement.Deserialize(type) is { } body
                ? (body, null)
                : (null, Problem.Result(StatusCodes.Status400BadRequest, "The body must be an object, not null."));
        }
        catch (JsonException fault)
        {
            return (null, Problem.Result(StatusCodes.Status400BadRequest, $"The body is not as described: {fault.Message}"));
        }
    }

    /// <summary>The refusal of fields; null when there is nothing wrong with them.</summary>
    public static IResult? Refusal(List<ApiFieldError> errors) =>
        errors.Count == 0 ? null : Problem.Result(StatusCodes.Status400BadRequest, "Some fields do not hold what they must.", errors);
}
