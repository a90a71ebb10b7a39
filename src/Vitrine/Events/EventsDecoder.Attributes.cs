using System.Runtime.InteropServices;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private const int ContextsRemembered = 16;

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

        var start = _offset + (int)reader.TokenStartIndex;
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

        draft.Json = new Slice(start, _offset + (int)reader.BytesConsumed - start);
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
                    : $"must be an object, not {JsonText.Describe(draft.Kind)}");
            return default;
        }

        CheckFurther(element, index);
        if (draft.Cid.IsText && draft.Cid.Text.Length == 0)
        {
            Fail(element, index, "attributes/cid", RejectionReason.InvalidAttributes, "must not be empty");
        }
        else if (draft.Cid.IsText && draft.Cid.Text.Of(Source.Written).Contains((byte)0))
        {
            Fail(element, index, "attributes/cid", RejectionReason.InvalidAttributes, "holds the character NUL, and no report could be asked for by it");
        }

        return new ExperienceContext(
            ContextText(element, index, "attributes/cid", draft.Cid),
            ContextText(element, index, "attributes/experience", draft.Experience),
            ContextText(element, index, "attributes/moe_locale_id", draft.LocaleId),
            ContextText(element, index, "attributes/moe_variation_id", draft.VariationId),
            ContextText(element, index, "attributes/audience_name", draft.AudienceName),
            ContextText(element, index, "attributes/audience_id", draft.AudienceId),
            draft.Type.IsAbsent ? default : ContextText(element, index, "attributes/type", AsSent(draft.Type)));
    }

    /// <summary>What is kept as sent may be anything: of what is no text, its JSON is.</summary>
    private JsonValue AsSent(JsonValue value) =>
        value.IsText || value.IsBrokenText ? value
        : new JsonValue(JsonTokenType.String, JsonText.IsUnicode(value.Text.Of(Source.Written)) ? value.Text : default);

    private Slice ContextText(int element, int index, string field, JsonValue value)
    {
        var why = value.IsAbsent ? "is required: a string from the delivered experience_context"
            : value.IsBrokenText ? "is not Unicode text"
            : !value.IsText ? $"must be a string, not {JsonText.Describe(value.Kind)}"
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
        public Slice Json;
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
