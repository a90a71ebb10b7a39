using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vitrine.Experiences.Templates;

/// <summary>Writes a text as the JSON value of a data type.</summary>
internal static class TypedText
{
    private const NumberStyles JsonNumber = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Writes the value, or nothing and answers why the text is none of this type. Spaces around it count only in a string.</summary>
    public static string? Write(Utf8JsonWriter writer, PayloadDataType type, ReadOnlySpan<char> text)
    {
        switch (type)
        {
            case PayloadDataType.Text:
                writer.WriteStringValue(text);
                return null;
            case PayloadDataType.Number:
                return WriteNumber(writer, text.Trim());
            case PayloadDataType.FloatingPoint:
                return WriteFloat(writer, text.Trim());
            case PayloadDataType.Boolean:
                return WriteBoolean(writer, text.Trim());
            default:
                return WriteJson(writer, text);
        }
    }

    private static string? WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        if (!decimal.TryParse(text, JsonNumber, CultureInfo.InvariantCulture, out var number))
        {
            return $"{Quote(text)} is no number of up to 28 digits";
        }

        var integer = decimal.Truncate(number);
        writer.WriteNumberValue(integer == number ? integer : number);
        return null;
    }

    private static string? WriteFloat(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        if (!double.TryParse(text, JsonNumber, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return $"{Quote(text)} is no number";
        }

        writer.WriteNumberValue(number);
        return null;
    }

    private static string? WriteBoolean(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        if (!bool.TryParse(text, out var truth))
        {
            return $"{Quote(text)} is neither true nor false";
        }

        writer.WriteBooleanValue(truth);
        return null;
    }

    private static string? WriteJson(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = TemplateBounds.JsonDepth });
            while (reader.Read())
            {
                // Only whether it can be read to its end.
            }
        }
        catch (JsonException fault)
        {
            var (line, column) = (fault.LineNumber + 1, fault.BytePositionInLine + 1);
            return $"{Quote(text)} is no JSON of at most {TemplateBounds.JsonDepth} levels, from line {line}, byte {column} on";
        }

        writer.WriteRawValue(utf8, skipInputValidation: true);
        return null;
    }

    /// <summary>As much of a text as a sentence can hold.</summary>
    private static string Quote(ReadOnlySpan<char> text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
}
