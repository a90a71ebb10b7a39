using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private const int ContextsRemembered = 16;

    private readonly List<(Slice Name, JsonValue Value)> _further = [];
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _jsonWriter = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private void ReadAttributes(ref Utf8JsonReader reader, out AttributesDraft draft)
    {
        draft = default;
        _further.Clear();
        reader.Read();
        draft.Kind = reader.TokenType;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            switch (name.Length)
            {
                case 3 when name.SequenceEqual("cid"u8):
                    draft.Cid = Value(ref reader);
                    break;
                case 4 when name.SequenceEqual("type"u8):
                    draft.Type = Value(ref reader);
                    break;
                case 4 when name.SequenceEqual("b_id"u8):
                    draft.ClickTarget = Value(ref reader);
                    break;
                case 10 when name.SequenceEqual("experience"u8):
                    draft.Experience = Value(ref reader);
                    break;
                case 11 when name.SequenceEqual("audience_id"u8):
                    draft.AudienceId = Value(ref reader);
                    break;
                case 13 when name.SequenceEqual("moe_locale_id"u8):
                    draft.LocaleId = Value(ref reader);
                    break;
                case 13 when name.SequenceEqual("audience_name"u8):
                    draft.AudienceName = Value(ref reader);
                    break;
                case 16 when name.SequenceEqual("moe_variation_id"u8):
                    draft.VariationId = Value(ref reader);
                    break;
                default:
                    var further = NameSlice(ref reader);
                    _further.Add((further, Value(ref reader)));
                    break;
            }
        }
    }

    private ExperienceContext CheckAttributes(int element, int index, in AttributesDraft draft)
    {
        if (draft.Kind != JsonTokenType.StartObject)
        {
            Fail(
                element,
                index,
                "attributes",
                RejectionReason.InvalidAttributes,
                draft.Kind is JsonTokenType.None or JsonTokenType.Null
                    ? "is required: the experience_context as it was delivered"
                    : $"must be an object, not {Describe(draft.Kind)}");
            return default;
        }

        CheckFurther(element, index);
        if (draft.Cid.IsText && draft.Cid.Text.Length == 0)
        {
            Fail(element, index, "attributes/cid", RejectionReason.InvalidAttributes, "must not be empty");
        }

        return new ExperienceContext(
            ContextText(element, index, "attributes/cid", draft.Cid),
            ContextText(element, index, "attributes/experience", draft.Experience),
            ContextText(element, index, "attributes/moe_locale_id", draft.LocaleId),
            ContextText(element, index, "attributes/moe_variation_id", draft.VariationId),
            ContextText(element, index, "attributes/audience_name", draft.AudienceName),
            ContextText(element, index, "attributes/audience_id", draft.AudienceId),
            draft.Type.IsAbsent ? default : ContextText(element, index, "attributes/type", draft.Type));
    }

    private Slice ContextText(int element, int index, string field, JsonValue value)
    {
        var why = value.IsAbsent ? "is required: a string from the delivered experience_context"
            : value.IsBrokenText ? "is not Unicode text"
            : !value.IsText ? $"must be a string, not {Describe(value.Kind)}"
            : value.Text.Length > EventsRules.MaximumContextTextLength
                && Text.Length(value.Text.Of(Source.Written)) is var length and > EventsRules.MaximumContextTextLength
                ? $"has {length} characters; at most {EventsRules.MaximumContextTextLength} are allowed"
            : null;
        if (why is not null)
        {
            Fail(element, index, field, RejectionReason.InvalidAttributes, why);
        }

        return value.Text;
    }

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

            var why = !name.Present || value.IsBrokenText || (!value.IsText && !IsUnicode(value.Text.Of(Source.Written))) ? "is not Unicode text"
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

    /// <summary>
    /// The index of a context among the request's. Most requests repeat a handful, so only the newest few are compared;
    /// a repetition that is missed costs bytes in the journal, nothing else.
    /// </summary>
    private int Intern(in ExperienceContext context)
    {
        var source = Source.Written;
        var contexts = CollectionsMarshal.AsSpan(Request.Contexts);
        for (var index = contexts.Length - 1; index >= Math.Max(0, contexts.Length - ContextsRemembered); index--)
        {
            if (Same(in contexts[index], in context, source))
            {
                return index;
            }
        }

        Request.Contexts.Add(context);
        return contexts.Length;
    }

    private static bool Same(in ExperienceContext left, in ExperienceContext right, ReadOnlySpan<byte> source) =>
        left.Type.Present == right.Type.Present
        && left.Cid.Of(source).SequenceEqual(right.Cid.Of(source))
        && left.VariationId.Of(source).SequenceEqual(right.VariationId.Of(source))
        && left.LocaleId.Of(source).SequenceEqual(right.LocaleId.Of(source))
        && left.AudienceId.Of(source).SequenceEqual(right.AudienceId.Of(source))
        && left.Experience.Of(source).SequenceEqual(right.Experience.Of(source))
        && left.AudienceName.Of(source).SequenceEqual(right.AudienceName.Of(source))
        && left.Type.Of(source).SequenceEqual(right.Type.Of(source));

    /// <summary>The values of an <c>attributes</c> object as they were met.</summary>
    private struct AttributesDraft
    {
        public JsonTokenType Kind;
        public JsonValue Cid;
        public JsonValue Experience;
        public JsonValue LocaleId;
        public JsonValue VariationId;
        public JsonValue AudienceName;
        public JsonValue AudienceId;
        public JsonValue Type;
        public JsonValue ClickTarget;
    }
}
