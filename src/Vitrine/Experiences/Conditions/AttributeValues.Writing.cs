using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

public sealed partial class AttributeValues
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as JSON. What is no scalar is told as what it is, since it is not kept.</summary>
    internal JsonElement ToJson(AttributeValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(writer, value);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private void Write(Utf8JsonWriter writer, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Text:
                writer.WriteStringValue(TextOf(value));
                break;
            case AttributeKind.Number when value.Length > 0:
                writer.WriteRawValue(TextOf(value));
                break;
            case AttributeKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case AttributeKind.Boolean:
                writer.WriteBooleanValue(value.Number != 0);
                break;
            case AttributeKind.Array:
                writer.WriteStartArray();
                foreach (var element in ElementsOf(value))
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case AttributeKind.Missing:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
        }
    }
}
