using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>An event as the journal has it, to be compared with another of the same uuid.</summary>
internal sealed class EventContent
{
    private readonly Dictionary<string, string?> _fields;
    private readonly bool _timeIsOfReceipt;

    private EventContent(Dictionary<string, string?> fields, bool timeIsOfReceipt) => (_fields, _timeIsOfReceipt) = (fields, timeIsOfReceipt);

    /// <summary>What it says, fields named as on the wire.</summary>
    public IReadOnlyDictionary<string, string?> Fields => _fields;

    /// <summary>An impression or a click.</summary>
    public static EventContent Of(ExperienceRequest request, in RequestElement element, in ExperienceEvent one, byte[] record)
    {
        var context = request.Contexts[one.Context];
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["customer_id"] = Text(element.CustomerId, record),
            ["user_timezone_offset"] = Text(element.TimezoneOffset),
            ["action"] = one.Action.ToString(),
            ["event_time"] = Text(one.Time),
            ["platform"] = one.Platform.ToString(),
            ["cid"] = Text(context.Cid, record),
            ["experience"] = Text(context.Experience, record),
            ["moe_locale_id"] = Text(context.LocaleId, record),
            ["moe_variation_id"] = Text(context.VariationId, record),
            ["audience_name"] = Text(context.AudienceName, record),
            ["audience_id"] = Text(context.AudienceId, record),
            ["type"] = Text(context.Type, record),
            ["b_id"] = Text(one.ClickTarget, record),
            ["attributes"] = Text(one.Attributes, record),
        };
        return new EventContent(fields, one.Time == request.ReceivedAt / 1000);
    }

    /// <summary>A goal event.</summary>
    public static EventContent Of(GoalRequest request, GoalAction one, byte[] record)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["customer_id"] = Text(request.CustomerId, record),
            ["user_timezone_offset"] = Text(one.TimezoneOffset),
            ["action"] = Text(request.Names[one.Name], record),
            ["event_time"] = Text(one.Time),
            ["platform"] = one.Platform.ToString(),
            ["app_version"] = Text(one.AppVersion, record),
            ["attributes"] = Text(one.Attributes, record),
        };
        return new EventContent(fields, one.Time == request.ReceivedAt / 1000);
    }

    /// <summary>
    /// The fields that another one has differently; null when there are none, or when it is not known. A time that the
    /// server filled in is that of the receipt, and differs with each.
    /// </summary>
    public IReadOnlyList<string>? DiffersIn(EventContent? other)
    {
        if (other is null)
        {
            return null;
        }

        List<string> different = [.. _fields.Keys.Union(other._fields.Keys).Where(name => _fields.GetValueOrDefault(name) != other._fields.GetValueOrDefault(name))];
        if (_timeIsOfReceipt && other._timeIsOfReceipt)
        {
            different.Remove("event_time");
        }

        return different.Count == 0 ? null : different;
    }

    private static string? Text(Slice slice, byte[] record) => slice.Present ? System.Text.Encoding.UTF8.GetString(slice.Of(record)) : null;

    private static string? Text(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
