using System.Buffers;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

public sealed partial class AttributeValues
{
    /// <summary>Sets the values of a JSON object whose names have slots; the last of repeated names wins.</summary>
    /// <param name="utf8JsonObject">The object.</param>
    /// <param name="names">Gives the slots. Names that have none are passed over.</param>
    /// <exception cref="JsonException">It is no JSON, or no object.</exception>
    public void Read(ReadOnlySpan<byte> utf8JsonObject, AttributeNames names)
    {
        var reader = new Utf8JsonReader(utf8JsonObject);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Attributes are a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = SlotOf(ref reader, names);
            reader.Read();
            if (slot >= 0)
            {
                Set(ref reader, slot);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The slot of the property name at which a reader stands; −1 when it has none.</summary>
    public int SlotOf(ref Utf8JsonReader reader, AttributeNames names)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
        {
            return names.Find(reader.ValueSpan);
        }

        var name = Copy(ref reader);
        _textLength = name.Start;
        return name.Kind == AttributeKind.Text ? names.Find(_text.AsSpan(name.Start, name.Length)) : -1;
    }

    /// <summary>Sets the value of a slot. What it was before is forgotten.</summary>
    /// <param name="reader">Stands on the value; afterwards on its last token. All of the value must be there.</param>
    /// <param name="slot">The slot.</param>
    /// <exception cref="JsonException">The value is no JSON.</exception>
    public void Set(ref Utf8JsonReader reader, int slot)
    {
        var value = reader.TokenType == JsonTokenType.StartArray ? ReadArray(ref reader) : ReadScalar(ref reader);
        Put(slot, value);
    }

    /// <summary>Sets a slot to a text.</summary>
    internal void Set(int slot, ReadOnlySpan<byte> text) => Put(slot, Text(text));

    /// <summary>Sets a slot to a text, unless it is empty: then nothing is known.</summary>
    internal void SetKnown(int slot, ReadOnlySpan<byte> text) => Put(slot, text.IsEmpty ? default : Text(text));

    /// <summary>Sets a slot to a number.</summary>
    internal void Set(int slot, double number) => Put(slot, new AttributeValue(AttributeKind.Number, 0, 0, number));

    /// <summary>Sets a slot to a list of texts.</summary>
    internal void Set(int slot, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var start = _elementCount;
        AddElement(Text(first));
        AddElement(Text(second));
        Put(slot, new AttributeValue(AttributeKind.Array, start, 2));
    }

    private void Put(int slot, AttributeValue value)
    {
        if (slot >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(slot + 1, _values.Length * 2));
        }

        _values[slot] = value;
        _slots = Math.Max(_slots, slot + 1);
    }

    private AttributeValue ReadArray(ref Utf8JsonReader reader)
    {
        var start = _elementCount;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            AddElement(ReadScalar(ref reader));
        }

        return new AttributeValue(AttributeKind.Array, start, _elementCount - start);
    }

    private void AddElement(AttributeValue value)
    {
        if (_elementCount == _elements.Length)
        {
            Array.Resize(ref _elements, Math.Max(16, _elements.Length * 2));
        }

        _elements[_elementCount++] = value;
    }

    private AttributeValue ReadScalar(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Copy(ref reader);
            case JsonTokenType.Number:
                _ = reader.TryGetDouble(out var number);
                var written = Copy(ref reader);
                return new AttributeValue(AttributeKind.Number, written.Start, written.Length, number);
            case JsonTokenType.True or JsonTokenType.False:
                return new AttributeValue(AttributeKind.Boolean, 0, 0, reader.TokenType == JsonTokenType.True ? 1 : 0);
            case JsonTokenType.Null:
                return default;
            default:
                reader.Skip();
                return new AttributeValue(AttributeKind.Other, 0, 0);
        }
    }

    /// <summary>Copies the token's text, unescaped, into the buffer.</summary>
    private AttributeValue Copy(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var room = Room(length);
        if (reader.ValueIsEscaped)
        {
            try
            {
                length = reader.CopyString(room);
            }
            catch (InvalidOperationException)
            {
                return new AttributeValue(AttributeKind.Other, _textLength, 0); // Half of a surrogate pair: valid JSON, no text.
            }
        }
        else if (reader.HasValueSequence)
        {
            reader.ValueSequence.CopyTo(room);
        }
        else
        {
            reader.ValueSpan.CopyTo(room);
        }

        _textLength += length;
        return new AttributeValue(AttributeKind.Text, _textLength - length, length);
    }

    private AttributeValue Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _textLength += text.Length;
        return new AttributeValue(AttributeKind.Text, _textLength - text.Length, text.Length);
    }

    private Span<byte> Room(int length)
    {
        if (_text.Length - _textLength < length)
        {
            Array.Resize(ref _text, Math.Max(checked(_textLength + length), _text.Length * 2));
        }

        return _text.AsSpan(_textLength);
    }
}
