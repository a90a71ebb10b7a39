using System.Buffers.Text;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private int _offset;

    /// <summary>The unescaped name of the property at which the reader stands. Valid until the next write to the source.</summary>
    private ReadOnlySpan<byte> Name(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        var text = Unescape(ref reader);
        return text.Present ? text.Of(Source.Written) : default;
    }

    /// <summary>As <see cref="Name"/>, as a slice that stays valid.</summary>
    private Slice NameSlice(ref Utf8JsonReader reader) => reader.ValueIsEscaped
        ? Unescape(ref reader)
        : new Slice(_offset + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);

    /// <summary>Reads the value behind the property name at which the reader stands.</summary>
    private JsonValue Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        var kind = reader.TokenType;
        var start = _offset + (int)reader.TokenStartIndex;
        if (kind == JsonTokenType.String)
        {
            return new JsonValue(kind, reader.ValueIsEscaped ? Unescape(ref reader) : new Slice(start + 1, reader.ValueSpan.Length));
        }

        reader.Skip();
        return new JsonValue(kind, new Slice(start, _offset + (int)reader.BytesConsumed - start));
    }

    /// <summary>Appends the unescaped text of the current token to the source; absent when it is no Unicode text.</summary>
    private Slice Unescape(ref Utf8JsonReader reader)
    {
        var length = reader.ValueSpan.Length;
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var start = Source.Length;
            length = reader.CopyString(rented);
            Source.WriteRaw(rented.AsSpan(0, length));
            return new Slice(start, length);
        }
        catch (InvalidOperationException)
        {
            return default; // A lone surrogate: valid JSON, no text.
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>An integer written as a JSON number or, where allowed, as a string of digits.</summary>
    private bool TryInteger(JsonValue value, bool digitsAllowed, out long number)
    {
        number = 0;
        if (value.Kind != JsonTokenType.Number && !(digitsAllowed && value.Kind == JsonTokenType.String && value.Text.Present))
        {
            return false;
        }

        var text = value.Text.Of(Source.Written);
        return Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && text[0] != '+';
    }
}
