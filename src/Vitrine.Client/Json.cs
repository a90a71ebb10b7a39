using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.Client;

/// <summary>Writes JSON without reflection, in one line.</summary>
internal static class Json
{
    public static string Write(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Encode(write));

    public static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    public static byte[] Encode(string text) => Encode(writer => writer.WriteStringValue(text));

    public static byte[] Encode(JsonElement json) => Encode(json.WriteTo);

    /// <summary>Writes an object's members, of what C# calls them.</summary>
    public static void WriteMembers(this Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> members)
    {
        foreach (var member in members)
        {
            writer.WriteMember(member.Key, member.Value);
        }
    }

    /// <summary>Writes a member of an object, of what C# calls it.</summary>
    public static void WriteMember(this Utf8JsonWriter writer, string name, object? value)
    {
        writer.WritePropertyName(name);
        writer.WriteValue(value);
    }

    private static void WriteValue(this Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool yes: writer.WriteBooleanValue(yes); break;
            case sbyte or byte or short or ushort or int or uint or long: writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case float number when !float.IsNaN(number) && !float.IsInfinity(number): writer.WriteNumberValue(number); break;
            case double number when !double.IsNaN(number) && !double.IsInfinity(number): writer.WriteNumberValue(number); break;
            case float or double: writer.WriteNullValue(); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: writer.WriteNullValue(); break;
            case JsonElement json: json.WriteTo(writer); break;
            case JsonNode json: json.WriteTo(writer); break;
            case DateTime moment: writer.WriteStringValue(moment); break;
            case DateTimeOffset moment: writer.WriteStringValue(moment); break;
            case IReadOnlyDictionary<string, object?> members:
                writer.WriteStartObject();
                writer.WriteMembers(members);
                writer.WriteEndObject();
                break;
            case System.Collections.IDictionary entries:
                writer.WriteStartObject();
                foreach (System.Collections.DictionaryEntry entry in entries)
                {
                    writer.WriteMember(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case System.Collections.IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    writer.WriteValue(item);
                }

                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
