using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.Projection;

/// <summary>What is known of a customer: attributes by name, values as the JSON that was sent.</summary>
/// <remarks>
/// Bounded, because a client may go on adding: beyond <see cref="MaximumAttributes"/> names or
/// <see cref="MaximumBytes"/> bytes of names and values, what would make it grow is left out; the event itself counts
/// all the same.
/// </remarks>
internal sealed class Profile
{
    /// <summary>Names that a profile may have.</summary>
    public const int MaximumAttributes = 1_000;

    /// <summary>Bytes of names and values together.</summary>
    public const int MaximumBytes = 64 * 1024;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private int _bytes;

    /// <summary>Sets the attributes of a JSON object; null takes one away.</summary>
    public void Set(ReadOnlySpan<byte> attributes)
    {
        var reader = new Utf8JsonReader(attributes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            Set(name, isNull ? default : attributes[start..(int)reader.BytesConsumed]);
        }
    }

    /// <summary>The profile as a JSON object, names in ordinal order.</summary>
    public ReadOnlySpan<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Readable);
        writer.WriteStartObject();
        foreach (var (name, value) in _values)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private void Set(string name, ReadOnlySpan<byte> value)
    {
        var before = _values.TryGetValue(name, out var present) ? SizeOf(name, present) : 0;
        if (value.IsEmpty)
        {
            _values.Remove(name);
            _bytes -= before;
            return;
        }

        var after = SizeOf(name, value);
        if ((before == 0 && _values.Count == MaximumAttributes) || _bytes - before + after > MaximumBytes)
        {
            return;
        }

        _values[name] = value.ToArray();
        _bytes += after - before;
    }

    private static int SizeOf(string name, ReadOnlySpan<byte> value) => Encoding.UTF8.GetByteCount(name) + value.Length;
}
