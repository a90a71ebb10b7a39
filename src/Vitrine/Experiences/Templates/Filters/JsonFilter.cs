using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fluid;
using Fluid.Values;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary><c>json</c>: a value as JSON text, with its quotation marks, for a template that renders JSON.</summary>
internal static class JsonFilter
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the value.</summary>
    public static ValueTask<FluidValue> Apply(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var utf8 = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(utf8, Readable))
        {
            Write(writer, input);
        }

        return new StringValue(Encoding.UTF8.GetString(utf8.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, FluidValue value)
    {
        switch (value)
        {
            case NumberValue number:
                writer.WriteNumberValue(number.ToNumberValue());
                break;
            case BooleanValue truth:
                writer.WriteBooleanValue(truth.ToBooleanValue());
                break;
            case ArrayValue list:
                writer.WriteStartArray();
                foreach (var element in list.Values)
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case DictionaryValue map when map.ToObjectValue() is AttributeMembers members:
                writer.WriteStartObject();
                foreach (var (name, member) in members.Members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case BaseNilValue:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(value.ToStringValue());
                break;
        }
    }
}
