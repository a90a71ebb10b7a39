using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vitrine.Hosting;
using Vitrine.Journal;

namespace Vitrine.Decisions;

/// <summary>Reads the body of a request to fetch experiences in one pass.</summary>
internal static partial class FetchDecoder
{
    private const int MaximumDepth = 32;

    /// <summary>Reads the body into the request. Answers what is wrong with it; null when nothing is.</summary>
    public static ApiError? Decode(FetchRequest request, EnvironmentNames names)
    {
        if (request.Source.Length == 0)
        {
            return ApiError.EmptyBody;
        }

        if (!Utf8.IsValid(request.Source.Written))
        {
            return ApiError.MalformedJson;
        }

        try
        {
            var reader = new Utf8JsonReader(request.Source.Written, new JsonReaderOptions { MaxDepth = MaximumDepth });
            reader.Read();
            var error = ReadBody(ref reader, request, names);
            return error is null && reader.Read() ? ApiError.MalformedJson : error;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return ApiError.MalformedJson; // The latter: half a surrogate pair.
        }
    }

    private static ApiError? ReadBody(ref Utf8JsonReader reader, FetchRequest request, EnvironmentNames names)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Invalid("", "body", "must be a JSON object.");
        }

        var errors = default(FieldErrors);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadProperty(ref reader, request, names, ref errors);
        }

        return errors.First;
    }

    private static void ReadProperty(ref Utf8JsonReader reader, FetchRequest request, EnvironmentNames names, ref FieldErrors errors)
    {
        if (reader.ValueTextEquals("identifiers"u8))
        {
            reader.Read();
            errors.Identifiers = ReadIdentifiers(ref reader, request);
        }
        else if (reader.ValueTextEquals("experience_key"u8))
        {
            reader.Read();
            errors.Keys = ReadKeys(ref reader, request);
        }
        else if (reader.ValueTextEquals("DAY_OF_THE_WEEK"u8))
        {
            reader.Read();
            errors.Day = ReadDay(ref reader, request);
        }
        else if (reader.ValueTextEquals("TIME_OF_THE_DAY"u8))
        {
            reader.Read();
            errors.Hour = ReadHour(ref reader, request);
        }
        else if (reader.ValueTextEquals("USER_AGENT"u8))
        {
            reader.Read();
            errors.UserAgent = ReadUserAgent(ref reader, request);
        }
        else if (reader.ValueTextEquals("USER_IP_ADDRESS"u8))
        {
            reader.Read();
            errors.Address = ReadAddress(ref reader, request);
        }
        else if (reader.ValueTextEquals("custom_attribute"u8) || reader.ValueTextEquals("Custom_attribute"u8))
        {
            ReadAttributes(ref reader, request, names);
        }
        else
        {
            ReadAttribute(ref reader, request, names);
        }
    }

    private static void ReadAttributes(ref Utf8JsonReader reader, FetchRequest request, EnvironmentNames names)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadAttribute(ref reader, request, names);
        }
    }

    private static void ReadAttribute(ref Utf8JsonReader reader, FetchRequest request, EnvironmentNames names)
    {
        var values = request.Circumstances.Request;
        var slot = values.SlotOf(ref reader, names.Request);
        reader.Read();
        if (slot >= 0)
        {
            values.Set(ref reader, slot);
        }
        else
        {
            reader.Skip();
        }
    }

    private static ApiError? ReadKeys(ref Utf8JsonReader reader, FetchRequest request)
    {
        const string rule = "must be a list of texts, or one text.";
        request.ClearKeys(); // Of a repeated field the last one counts.
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String or JsonTokenType.Number:
                request.NamesKeys = true;
                AddKey(ref reader, request);
                return null;
            case JsonTokenType.StartArray:
                request.NamesKeys = true;
                ApiError? error = null;
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    if (!AddKey(ref reader, request))
                    {
                        reader.Skip();
                        error ??= Invalid($"/experience_key/{index}", "experience_key", rule);
                    }
                }

                return error;
            default:
                reader.Skip();
                return Invalid("/experience_key", "experience_key", rule);
        }
    }

    private static bool AddKey(ref Utf8JsonReader reader, FetchRequest request)
    {
        var start = request.KeyText.Length;
        if (!TryCopy(ref reader, request.KeyText))
        {
            return false;
        }

        request.NoteKey(start);
        return true;
    }

    private static ApiError? ReadUserAgent(ref Utf8JsonReader reader, FetchRequest request)
    {
        var error = ReadText(ref reader, "USER_AGENT", request.Text);
        request.Circumstances.SetUserAgent(request.Text.Written);
        return error;
    }

    private static ApiError? ReadAddress(ref Utf8JsonReader reader, FetchRequest request)
    {
        var error = ReadText(ref reader, "USER_IP_ADDRESS", request.Text);
        request.Circumstances.SetAddress(request.Text.Written);
        return error;
    }

    private static ApiError? ReadText(ref Utf8JsonReader reader, string field, ByteWriter target)
    {
        target.Clear();
        if (reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && TryCopy(ref reader, target)))
        {
            return null;
        }

        reader.Skip();
        return Invalid($"/{field}", field, "must be a text.");
    }

    /// <summary>Appends a text, or a number as its text.</summary>
    private static bool TryCopy(ref Utf8JsonReader reader, ByteWriter target)
    {
        if (reader.TokenType == JsonTokenType.Number || (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped))
        {
            target.WriteRaw(reader.ValueSpan);
            return true;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        target.WriteRaw(Encoding.UTF8.GetBytes(reader.GetString()!));
        return true;
    }

    private static ApiError Invalid(string path, string field, string rule) =>
        ApiError.InvalidFields($"{field} - {field} {rule}", [new ApiFieldError(path, $"{field} {rule}")]);

    /// <summary>What is wrong with each field; of a repeated one with the last.</summary>
    private struct FieldErrors
    {
        public ApiError? Identifiers;
        public ApiError? Keys;
        public ApiError? Day;
        public ApiError? Hour;
        public ApiError? UserAgent;
        public ApiError? Address;

        public readonly ApiError? First => Identifiers ?? Keys ?? Day ?? Hour ?? UserAgent ?? Address;
    }
}
