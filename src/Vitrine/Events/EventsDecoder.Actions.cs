using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

public sealed partial class EventsDecoder
{
    private void ReadAction(ref Utf8JsonReader reader, int element, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Fail(element, index, "", RejectionReason.InvalidActions, $"must be an object, not {JsonText.Describe(reader.TokenType)}");
            reader.Skip();
            _actions.Add(default(ActionDraft) with { Event = new ExperienceEvent { Index = index } });
            return;
        }

        JsonValue action = default, uuid = default, time = default, platform = default, target = default;
        var attributes = new AttributesDraft();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("b_id"u8):
                    target = Value(ref reader);
                    break;
                case 6 when name.SequenceEqual("action"u8):
                    action = Value(ref reader);
                    break;
                case 8 when name.SequenceEqual("platform"u8):
                    platform = Value(ref reader);
                    break;
                case 10 when name.SequenceEqual("event_time"u8):
                    time = Value(ref reader);
                    break;
                case 10 when name.SequenceEqual("attributes"u8):
                    ReadAttributes(ref reader, out attributes);
                    break;
                case 14 when name.SequenceEqual("moe_event_uuid"u8):
                    uuid = Value(ref reader);
                    break;
                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        JudgeAction(element, index, action, uuid, time, platform, target, in attributes);
    }

    private void JudgeAction(
        int element,
        int index,
        JsonValue action,
        JsonValue uuid,
        JsonValue time,
        JsonValue platform,
        JsonValue target,
        in AttributesDraft attributes)
    {
        var before = _errors.Count;
        var kind = CheckAction(element, index, action);
        var identity = CheckUuid(element, index, uuid);
        var seconds = CheckTime(element, index, time);
        var context = CheckAttributes(element, index, in attributes);
        if (_errors.Count == before && attributes.ClickTarget.IsAbsent && _further.Count == 0)
        {
            _memory.Add(Source.Written, attributes.Json, in context);
        }

        var clickTarget = CheckClickTarget(element, index, attributes.ClickTarget.IsAbsent ? target : attributes.ClickTarget, !attributes.ClickTarget.IsAbsent);
        var good = _errors.Count == before;
        _actions.Add(new ActionDraft(
            new ExperienceEvent(
                index,
                identity ?? default,
                kind,
                platform.Kind == JsonTokenType.String ? Platforms.Of(platform.Text.Of(Source.Written)) : Platform.Unknown,
                seconds,
                good ? Intern(in context) : 0,
                clickTarget,
                good ? FurtherAttributes(in attributes) : default),
            identity,
            good));
    }

    private EventAction CheckAction(int element, int index, JsonValue action)
    {
        if (action.Kind == JsonTokenType.String && TryAction(action.Text.Of(Source.Written), out var known))
        {
            return known;
        }

        Fail(
            element,
            index,
            "action",
            RejectionReason.InvalidAction,
            (action.IsAbsent ? "is required: " : "must be ") + "MOE_PERSONALIZATION_MESSAGE_SHOWN or MOE_PERSONALIZATION_MESSAGE_CLICKED");
        return default;
    }

    private static bool TryAction(ReadOnlySpan<byte> text, out EventAction action)
    {
        action = text.Length == "MOE_PERSONALIZATION_MESSAGE_SHOWN".Length ? EventAction.Impression : EventAction.Click;
        return text.SequenceEqual(action == EventAction.Impression ? "MOE_PERSONALIZATION_MESSAGE_SHOWN"u8 : "MOE_PERSONALIZATION_MESSAGE_CLICKED"u8);
    }

    private UInt128? CheckUuid(int element, int index, JsonValue uuid)
    {
        if (uuid.Kind == JsonTokenType.String && uuid.Text.Present && Uuids.TryParse(uuid.Text.Of(Source.Written), out var value))
        {
            if (value != UInt128.Zero)
            {
                return value;
            }

            Fail(element, index, "moe_event_uuid", RejectionReason.InvalidEventUuid, "is the nil UUID, which identifies nothing");
            return null;
        }

        Fail(
            element,
            index,
            "moe_event_uuid",
            RejectionReason.InvalidEventUuid,
            (uuid.IsAbsent ? "is required: " : "must be ") + "a UUID such as aa886712-4537-47c1-b126-2686efda2e26");
        return null;
    }

    private long CheckTime(int element, int index, JsonValue time)
    {
        if (time.IsAbsent)
        {
            return _now / 1000;
        }

        var why = TryInteger(time, digitsAllowed: true, out var seconds) ? WhyNotTime(seconds)
            : time.IsText && !time.Text.Of(Source.Written).ContainsAnyExceptInRange((byte)'0', (byte)'9') && time.Text.Length > LongestPlainTime
                ? WhyNotTime(long.MaxValue)
            : "must be Unix time in whole seconds";
        if (why is not null)
        {
            Fail(element, index, "event_time", RejectionReason.InvalidEventTime, why);
        }

        return seconds;
    }

    private string? WhyNotTime(long seconds) => EventTimeRules.WhyNot(seconds, _now);

    private Slice CheckClickTarget(int element, int index, JsonValue target, bool inside)
    {
        if (target.IsAbsent)
        {
            return default;
        }

        if (target.IsText)
        {
            return CutClickTarget(target.Text);
        }

        Fail(
            element,
            index,
            inside ? "attributes/b_id" : "b_id",
            RejectionReason.InvalidAttributes,
            target.IsBrokenText ? "is not Unicode text" : $"must be a string, not {JsonText.Describe(target.Kind)}");
        return default;
    }

    private Slice CutClickTarget(Slice target) =>
        target with { Length = Text.Cut(target.Of(Source.Written), EventsRules.MaximumAttributeValueLength) };
}
