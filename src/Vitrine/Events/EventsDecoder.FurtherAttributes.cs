using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    /// <summary>How many bad attributes of one object are named; an answer names no more errors than that.</summary>
    private const int ErrorsNamed = EventsErrors.MaximumErrors;

    private readonly List<(Slice Name, JsonValue Value)> _further = [];
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _jsonWriter = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private void CheckFurther(int element, int index)
    {
        if (_further.Count == 0)
        {
            return;
        }

        ForgetOverridden();
        var named = _errors.Count + ErrorsNamed;
        foreach (var (name, value) in _further)
        {
            if (_errors.Count == named)
            {
                break;
            }

            var why = !name.Present || value.IsBrokenText || (!value.IsText && !JsonText.IsUnicode(value.Text.Of(Source.Written))) ? "is not Unicode text"
                : Text.Length(name.Of(Source.Written)) is var length and > EventsRules.MaximumAttributeNameLength
                    ? $"has a name of {length} characters; at most {EventsRules.MaximumAttributeNameLength} are allowed"
                : null;
            if (why is not null)
            {
                var step = name.Present ? "/" + Escape(name with { Length = Text.Cut(name.Of(Source.Written), EventsRules.MaximumAttributeNameLength) }) : "";
                Fail(element, index, "attributes" + step, RejectionReason.InvalidAttributes, why);
            }
        }

        if (_further.Count > EventsRules.MaximumAttributes)
        {
            Fail(
                element,
                index,
                "attributes",
                RejectionReason.InvalidAttributes,
                $"has {_further.Count} further keys; at most {EventsRules.MaximumAttributes} are allowed");
        }
    }

    /// <summary>Drops what a later value of the same name overrides, so that it is neither judged nor counted.</summary>
    private void ForgetOverridden()
    {
        if (_further.Count > EventsRules.MaximumAttributes)
        {
            ForgetOverriddenOfMany();
            return;
        }

        for (var index = _further.Count - 2; index >= 0; index--)
        {
            if (_further[index].Name.Present && IsRepeatedLater(index))
            {
                _further.RemoveAt(index);
            }
        }
    }

    /// <summary>As <see cref="ForgetOverridden"/>, in linear time for a body that was made to be slow.</summary>
    private void ForgetOverriddenOfMany()
    {
        var later = new HashSet<string>(StringComparer.Ordinal);
        var kept = new Stack<(Slice Name, JsonValue Value)>();
        for (var index = _further.Count - 1; index >= 0; index--)
        {
            var name = _further[index].Name;
            if (!name.Present || later.Add(Encoding.UTF8.GetString(name.Of(Source.Written))))
            {
                kept.Push(_further[index]);
            }
        }

        _further.Clear();
        _further.AddRange(kept);
    }

    /// <summary>The further attributes as one JSON object, long values cut.</summary>
    private Slice FurtherAttributes(in AttributesDraft draft)
    {
        if (_further.Count == 0 || draft.Kind != JsonTokenType.StartObject)
        {
            return default;
        }

        _json.ResetWrittenCount();
        _jsonWriter.Reset(_json);
        _jsonWriter.WriteStartObject();
        foreach (var (name, value) in _further)
        {
            _jsonWriter.WritePropertyName(name.Of(Source.Written));
            WriteFurther(value);
        }

        _jsonWriter.WriteEndObject();
        _jsonWriter.Flush();
        var start = Source.Length;
        Source.WriteRaw(_json.WrittenSpan);
        return new Slice(start, _json.WrittenCount);
    }

    private void WriteFurther(JsonValue value)
    {
        var text = value.Text.Of(Source.Written);
        var kept = Text.Cut(text, EventsRules.MaximumAttributeValueLength);
        if (value.Kind == JsonTokenType.String || kept < text.Length)
        {
            _jsonWriter.WriteStringValue(text[..kept]);
        }
        else
        {
            WriteOnOneLine(text);
        }
    }

    /// <summary>Line breaks in JSON are white space between tokens, and would break the lines of an export.</summary>
    private void WriteOnOneLine(ReadOnlySpan<byte> json)
    {
        if (!json.ContainsAny((byte)'\r', (byte)'\n'))
        {
            _jsonWriter.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        var line = new byte[json.Length];
        var length = 0;
        foreach (var one in json)
        {
            if (one is not ((byte)'\r' or (byte)'\n'))
            {
                line[length++] = one;
            }
        }

        _jsonWriter.WriteRawValue(line.AsSpan(0, length), skipInputValidation: true);
    }

    private bool IsRepeatedLater(int index)
    {
        var name = _further[index].Name.Of(Source.Written);
        for (var later = index + 1; later < _further.Count; later++)
        {
            if (_further[later].Name.Of(Source.Written).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
