using System.Runtime.InteropServices;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

internal sealed partial class GoalDecoder
{
    private void ReadAction(JsonElement action, int index)
    {
        var firstError = _errors.Count;
        if (action.ValueKind != JsonValueKind.Object)
        {
            Fail(index, "", RejectionReason.InvalidActions, $"must be an object, not {JsonText.Describe(action.ValueKind)}");
            _drafts.Add((default(GoalAction) with { Index = index }, firstError));
            return;
        }

        var name = ReadName(action, index);
        var (uuid, field, why) = GoalIdentity.Read(action);
        if (why is not null)
        {
            Fail(index, field, RejectionReason.InvalidEventUuid, why);
        }

        var offset = ReadOffset(action, index);
        var time = ReadTime(action, index, offset ?? 0);
        var attributes = ReadAttributes(action, index);
        var version = ReadAppVersion(action, index);
        var platform = GoalText.Of(GoalText.Field(action, "platform")) is { } text ? Platforms.Of(System.Text.Encoding.UTF8.GetBytes(text)) : Platform.Unknown;
        _drafts.Add((new GoalAction(index, name, uuid, platform, time, offset, version, attributes), _errors.Count > firstError ? firstError : -1));
    }

    private int ReadName(JsonElement action, int index)
    {
        var field = GoalText.Field(action, "action");
        var name = field.ValueKind == JsonValueKind.String ? GoalText.Of(field) : null;
        var why = !field.IsThere() ? $"is required: the event's name, 1–{GoalRules.MaximumNameLength} characters"
            : name is null ? "must be a string of Unicode text"
            : GoalText.Length(name) is < 1 or > GoalRules.MaximumNameLength ? $"must have 1–{GoalRules.MaximumNameLength} characters"
            : name.Contains('\0', StringComparison.Ordinal) ? "holds the character NUL"
            : EventActions.Of(name) is not null ? "is reported at POST /v1/experiences/events, with the experience that it is of"
            : null;
        if (why is not null)
        {
            Fail(index, "action", RejectionReason.InvalidAction, why);
            return 0;
        }

        if (!_names.TryGetValue(name!, out var number))
        {
            number = _names.Count;
            _names.Add(name!, number);
            Request.Names.Add(Keep(name!));
        }

        return number;
    }

    private int? ReadOffset(JsonElement action, int index)
    {
        var field = GoalText.Field(action, "user_timezone_offset");
        if (!field.IsThere())
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var offset) && Math.Abs((long)offset) <= EventTimeRules.MaximumTimezoneOffset)
        {
            return offset;
        }

        Fail(index, "user_timezone_offset", RejectionReason.InvalidTimezoneOffset, $"must be whole seconds from -{EventTimeRules.MaximumTimezoneOffset} to {EventTimeRules.MaximumTimezoneOffset}");
        return null;
    }

    /// <summary>The time in UTC, or else the user's own; without either it is now.</summary>
    private long ReadTime(JsonElement action, int index, int offset)
    {
        var (name, field) = ("current_time", GoalText.Field(action, "current_time"));
        if (field.IsThere())
        {
            offset = 0;
        }
        else
        {
            (name, field) = ("user_time", GoalText.Field(action, "user_time"));
        }

        if (!field.IsThere())
        {
            return _now / 1000;
        }

        var (seconds, why) = GoalTime.Read(field, offset, _now);
        if (why is not null)
        {
            Fail(index, name, RejectionReason.InvalidEventTime, why);
        }

        return seconds;
    }

    private Slice ReadAttributes(JsonElement action, int index)
    {
        var field = GoalText.Field(action, "attributes");
        if (!field.IsThere())
        {
            return default;
        }

        var bytes = field.ValueKind == JsonValueKind.Object ? JsonText.OnOneLine(JsonMarshal.GetRawUtf8Value(field)) : [];
        var why = field.ValueKind != JsonValueKind.Object ? $"must be an object, not {JsonText.Describe(field.ValueKind)}"
            : !JsonText.IsUnicode(bytes) ? "holds what is no Unicode text: half of a surrogate pair"
            : WhyNot([.. field.EnumerateObject().Select(static one => one.Name).Distinct()]);
        if (why is not null)
        {
            Fail(index, "attributes", RejectionReason.InvalidAttributes, why);
            return default;
        }

        return Keep(bytes);
    }

    private static string? WhyNot(IReadOnlyList<string> names) =>
        names.Count > GoalRules.MaximumAttributes ? $"has {names.Count} keys; at most {GoalRules.MaximumAttributes} are allowed"
        : names.Any(static name => GoalText.Length(name) > GoalRules.MaximumAttributeNameLength) ? $"has a name of more than {GoalRules.MaximumAttributeNameLength} characters"
        : null;

    private Slice ReadAppVersion(JsonElement action, int index)
    {
        var field = GoalText.Field(action, "app_version");
        if (!field.IsThere())
        {
            return default;
        }

        if (GoalText.Of(field) is { } version && GoalText.Length(version) <= GoalRules.MaximumAppVersionLength)
        {
            return Keep(version);
        }

        Fail(index, "app_version", RejectionReason.InvalidAttributes, $"must be a string of at most {GoalRules.MaximumAppVersionLength} characters");
        return default;
    }
}
