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

    /// <summary>The largest sum of squares.</summary>
    public const double LargestSquares = 1e120;

    /// <summary>The smallest alpha: with two customers an interval of it is 10¹⁰⁰ wide.</summary>
    public const double SmallestAlpha = 1e-100;

    /// <summary>What is said of an alpha that is none.</summary>
    public static readonly string AlphaRule = $"must be below 1 and at least {SmallestAlpha}; 0.05 is usual";

    /// <summary>The most customers that can be reckoned with.</summary>
    public const long MostCustomers = 1_000_000_000_000;

    private const int MaximumBytes = 64 * 1024;

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
            using var document = JsonDocument.Parse(bytes.Written.ToArray(), JsonText.Strict);
            var errors = new List<ApiFieldError>();
            BodyShape.Check("", document.RootElement, type, errors);
            return Refusal(errors) is { } refusal ? (null, refusal) : (document.RootElement.Deserialize(type), null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // Of strings that are no UTF-8 or end within a pair of UTF-16.
        {
            return (null, Problem.Result(StatusCodes.Status400BadRequest, $"The body is no JSON in UTF-8, or names a field twice: {fault.Message}"));
        }
    }

    /// <summary>The refusal of fields; null when there is nothing wrong with them.</summary>
    public static IResult? Refusal(IReadOnlyList<ApiFieldError> errors) =>
        errors.Count == 0 ? null : Problem.Result(StatusCodes.Status400BadRequest, "Some fields do not hold what they must.", errors);
}
