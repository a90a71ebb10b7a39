using System.Text;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private readonly CustomerAttributesCheck _userAttributes = new();

    private void ReadElements(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Fail(-1, -1, "elements", RejectionReason.InvalidElements, $"must be an array, not {JsonText.Describe(reader.TokenType)}");
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
            Fail(index, -1, "", RejectionReason.InvalidElements, $"must be an object, not {JsonText.Describe(reader.TokenType)}");
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
            : !customer.IsText ? $"must be a string, not {JsonText.Describe(customer.Kind)}"
            : CustomerRules.WhyNotId(customer.Text.Of(Source.Written));
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

        const int limit = EventTimeRules.MaximumTimezoneOffset;
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
            : actions.Kind != JsonTokenType.StartArray ? $"must be an array, not {JsonText.Describe(actions.Kind)}"
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
            Fail(index, -1, "user_attributes", RejectionReason.InvalidUserAttributes, $"must be an object, not {JsonText.Describe(attributes.Kind)}");
            return;
        }

        foreach (var (path, reason) in _userAttributes.Run(attributes.Text.Of(Source.Written)))
        {
            Fail(index, -1, "user_attributes" + path, RejectionReason.InvalidUserAttributes, reason);
        }
    }

    private string Escape(Slice name) => JsonText.PointerStep(Encoding.UTF8.GetString(name.Of(Source.Written)));
}
