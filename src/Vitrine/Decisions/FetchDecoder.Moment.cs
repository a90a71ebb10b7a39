using System.Text;
using System.Text.Json;
using NodaTime;
using Vitrine.Hosting;

namespace Vitrine.Decisions;

internal static partial class FetchDecoder
{
    /// <summary>In the order of the contract's words.</summary>
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Hours = [.. Enumerable.Range(0, 24).Select(static hour => hour.ToString("00", null))];

    private static ApiError? ReadDay(ref Utf8JsonReader reader, FetchRequest request)
    {
        request.Circumstances.RequestDay = null; // Of a repeated field the last one counts.
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var day = IndexOf(ref reader, Days);
        if (day < 0)
        {
            return OneOf(ref reader, "DAY_OF_THE_WEEK", Days);
        }

        request.Circumstances.RequestDay = day == 0 ? IsoDayOfWeek.Sunday : (IsoDayOfWeek)day;
        return null;
    }

    private static ApiError? ReadHour(ref Utf8JsonReader reader, FetchRequest request)
    {
        request.Circumstances.RequestHour = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var hour = IndexOf(ref reader, Hours);
        if (hour < 0)
        {
            return OneOf(ref reader, "TIME_OF_THE_DAY", Hours);
        }

        request.Circumstances.RequestHour = hour;
        return null;
    }

    private static int IndexOf(ref Utf8JsonReader reader, string[] values)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            for (var index = 0; index < values.Length; index++)
            {
                if (reader.ValueTextEquals(values[index]))
                {
                    return index;
                }
            }
        }

        return -1;
    }

    private static ApiError OneOf(ref Utf8JsonReader reader, string field, string[] allowed)
    {
        var value = Show(ref reader);
        reader.Skip();
        var description = $"{field} - Enum doesnt allow value: {value}, allowed values: [{string.Join(", ", allowed)}]";
        return ApiError.InvalidFields(description, [new ApiFieldError($"/{field}", $"'{value}' is none of {string.Join(", ", allowed)}.")]);
    }

    private static string Show(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString() is { Length: <= 100 } text ? text : "a longer text",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => Encoding.UTF8.GetString(reader.ValueSpan.Length <= 100 ? reader.ValueSpan : reader.ValueSpan[..100]),
    };
}
