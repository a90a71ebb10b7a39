using System.Text;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    /// <summary>How many bad attributes of one object are named; an answer names no more errors than that.</summary>
    private const int ErrorsNamed = EventsErrors.MaximumErrors;

    /// <summary>Of each user attribute what is wrong with its last value, or null.</summary>
    private readonly Dictionary<string, string?> _userAttributes = new(StringComparer.Ordinal);

    private void ReadElements(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Fail(-1, -1, "elements", RejectionReason.InvalidElements, $"must be an array, not {Describe(reader.TokenType)}");
            reader.Skip();
            return;
        }

        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (count < EventsRules.MaximumElements)
            {
                ReadElement(ref reader, count);
            }
            else
            {
                reader.Skip();
            }
        }

        if (count is 0 or > EventsRules.MaximumElements)
        {
            Fail(-1, -1, "elements", RejectionReason.InvalidElements, $"has {count} items; 1–{EventsRules.MaximumElements} are allowed");
        }
    }

    private void ReadElement(ref Utf8JsonReader reader, int index)
    {
        var firstError = _errors.Count;
        var firstAction = _actions.Count;
        JsonValue customer = default, offset = default, attributes = default, actions = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Fail(index, -1, "", RejectionReason.InvalidElements, $"must be an object, not {Describe(reader.TokenType)}");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            if (name.SequenceEqual("customer_id"u8))
            {
                customer = Value(ref reader);
            }
            else if (name.SequenceEqual("actions"u8))
            {
                TakeBack(firstError, firstAction);
                actions = ReadActions(ref reader, index);
            }
            else if (name.SequenceEqual("user_timezone_offset"u8))
            {
                offset = Value(ref reader);
            }
            else if (name.SequenceEqual("user_attributes"u8))
            {
                attributes = Value(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        JudgeElement(index, firstError, firstAction, customer, offset, attributes, actions);
    }

    private void JudgeElement(
        int index, int firstError, int firstAction, JsonValue customer, JsonValue offset, JsonValue attributes, JsonValue actions)
    {
        // Errors of the element stand before those of its actions, which are already there.
        var actionErrors = _errors.Count - firstError;
        CheckCustomerId(index, customer);
        CheckUserAttributes(index, attributes);
        var timezone = CheckTimezoneOffset(index, offset);
        CheckActions(index, actions);
        var error = -1;
        var elementErrors = _errors.Count - firstError - actionErrors;
        if (elementErrors > 0)
        {
            var moved = _errors.GetRange(firstError, actionErrors);
            _errors.RemoveRange(firstError, actionErrors);
            _errors.AddRange(moved);
            error = firstError;
        }

        _elements.Add(new ElementDraft(
            index,
            customer.Text,
            timezone,
            attributes.IsAbsent ? default : attributes.Text,
            firstAction,
            _actions.Count - firstAction,
            error));
    }

    private void CheckCustomerId(int index, JsonValue customer)
    {
        var why = customer.IsAbsent ? "is required: the user's id, a string of 1–512 bytes"
            : customer.IsBrokenText ? "is not Unicode text: it holds half of a surrogate pair"
            : !customer.IsText ? $"must be a string, not {Describe(customer.Kind)}"
            : EventsRules.WhyNotCustomerId(customer.Text.Of(Source.Written));
        if (why is not null)
        {
            Fail(index, -1, "customer_id", RejectionReason.InvalidCustomerId, why);
        }
    }

    private int? CheckTimezoneOffset(int index, JsonValue offset)
    {
        if (offset.IsAbsent)
        {
            return null;
        }

        const int limit = EventsRules.MaximumTimezoneOffset;
        if (TryInteger(offset, digitsAllowed: false, out var seconds) && seconds is >= -limit and <= limit)
        {
            return (int)seconds;
        }

        Fail(index, -1, "user_timezone_offset", RejectionReason.InvalidTimezoneOffset, $"must be whole seconds, −{limit}…{limit}");
        return null;
    }

    private void CheckActions(int index, JsonValue actions)
    {
        var why = actions.IsAbsent ? "is required: an array of 1–100 objects"
            : actions.Kind != JsonTokenType.StartArray ? $"must be an array, not {Describe(actions.Kind)}"
            : actions.Text.Length is 0 or > EventsRules.MaximumActions
                ? $"has {actions.Text.Length} items; 1–{EventsRules.MaximumActions} are allowed"
            : null;
        if (why is not null)
        {
            Fail(index, -1, "actions", RejectionReason.InvalidActions, why);
        }
    }

    private void CheckUserAttributes(int index, JsonValue attributes)
    {
        if (attributes.IsAbsent)
        {
            return;
        }

        if (attributes.Kind != JsonTokenType.StartObject)
        {
            Fail(index, -1, "user_attributes", RejectionReason.InvalidUserAttributes, $"must be an object, not {Describe(attributes.Kind)}");
            return;
        }

        var json = attributes.Text.Of(Source.Written);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryName(ref reader, out var name))
            {
                Fail(index, -1, "user_attributes", RejectionReason.InvalidUserAttributes, "has a name that is not Unicode text");
                _userAttributes.Clear();
                return;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isValue = IsAttributeValue(ref reader);
            reader.Skip();
            _userAttributes[name] = !isValue ? "must be a string, a number, a boolean, null or an array of those"
                : !IsUnicode(json[start..(int)reader.BytesConsumed]) ? "is not Unicode text"
                : null;
        }

        foreach (var (name, why) in _userAttributes.Where(static one => one.Value is not null).Take(ErrorsNamed))
        {
            var step = name.Length > EventsRules.MaximumAttributeNameLength ? name[..EventsRules.MaximumAttributeNameLength] : name;
            Fail(index, -1, "user_attributes/" + Escape(step), RejectionReason.InvalidUserAttributes, why!);
        }

        if (_userAttributes.Count > EventsRules.MaximumAttributes)
        {
            Fail(
                index,
                -1,
                "user_attributes",
                RejectionReason.InvalidUserAttributes,
                $"has {_userAttributes.Count} keys; at most {EventsRules.MaximumAttributes} are allowed");
            _userAttributes.Clear();
            _userAttributes.TrimExcess(); // The decoder is kept; a hundred thousand keys are not.
        }

        _userAttributes.Clear();
    }

    private static bool IsAttributeValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType != JsonTokenType.StartObject;
        }

        var inner = reader;
        while (inner.Read() && inner.TokenType != JsonTokenType.EndArray)
        {
            if (inner.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryName(ref Utf8JsonReader reader, out string name)
    {
        try
        {
            name = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    /// <summary>A name as a step of a JSON pointer (RFC 6901).</summary>
    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private string Escape(Slice name) => Escape(Encoding.UTF8.GetString(name.Of(Source.Written)));
}
