using System.Text.Json;
using Vitrine.Journal;

namespace Vitrine.Decisions;

/// <summary>What templates see as the request: its attributes as one object.</summary>
internal static class RequestAttributes
{
    /// <summary>What the contract gives a meaning of its own.</summary>
    private static readonly string[] Reserved = ["identifiers", "experience_key"];

    private static readonly string[] Merged = ["custom_attribute", "Custom_attribute"];

    /// <summary>The attributes of a body that was decoded: its properties, and those of the objects that are merged into them.</summary>
    public static byte[] Of(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return [];
        }

        var target = new ByteWriter();
        using (var writer = new Utf8JsonWriter(target))
        {
            writer.WriteStartObject();
            var reader = new Utf8JsonReader(body);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Name(ref reader);
                reader.Read();
                if (Merged.Contains(name) && reader.TokenType == JsonTokenType.StartObject)
                {
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        var inner = Name(ref reader);
                        reader.Read();
                        Write(writer, inner, ref reader, body);
                    }
                }
                else if (Reserved.Contains(name))
                {
                    reader.Skip();
                }
                else
                {
                    Write(writer, name, ref reader, body);
                }
            }

            writer.WriteEndObject();
        }

        return target.Written.ToArray();
    }

    /// <summary>A name that is no Unicode text is null: no template can ask for it.</summary>
    private static string? Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, string? name, ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (name is null)
        {
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(body[start..(int)reader.BytesConsumed], skipInputValidation: true);
    }
}
