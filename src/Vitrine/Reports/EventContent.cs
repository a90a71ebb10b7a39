using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>An event as the journal has it, to be compared with another of the same uuid.</summary>
internal sealed class EventContent
{
    private readonly Dictionary<string, string?> _fields;
    private readonly bool _timeIsOfReceipt;

    private EventContent(ExperienceRequest request, in RequestElement element, in ExperienceEvent one, byte[] record)
    {
        var context = request.Contexts[one.Context];
        _fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["customer_id"] = Text(element.CustomerId),
            ["user_timezone_offset"] = element.TimezoneOffset?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["action"] = one.Action.ToString(),
            ["event_time"] = one.Time.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["platform"] = one.Platform.ToString(),
            ["cid"] = Text(context.Cid),
            ["experience"] = Text(context.Experience),
            ["moe_locale_id"] = Text(context.LocaleId),
            ["moe_variation_id"] = Text(context.VariationId),
            ["audience_name"] = Text(context.AudienceName),
            ["audience_id"] = Text(context.AudienceId),
            ["type"] = Text(context.Type),
            ["b_id"] = Text(one.ClickTarget),
            ["attributes"] = Text(one.Attributes),
        };
        _timeIsOfReceipt = one.Time == request.ReceivedAt / 1000;

        string? Text(Slice slice) => slice.Present ? System.Text.Encoding.UTF8.GetString(slice.Of(record)) : null;
    }

    /// <summary>The event at a place of a record; null where the journal no longer has it.</summary>
    public static EventContent? Find((ExperienceRequest Request, byte[] Bytes)? record, int element, int action)
    {
        if (record is not var (request, bytes))
        {
            return null;
        }

        foreach (var one in request.Elements)
        {
            for (var index = one.FirstEvent; one.Index == element && index < one.FirstEvent + one.EventCount; index++)
            {
                if (request.Events[index].Index == action)
                {
                    return new EventContent(request, in one, request.Events[index], bytes);
                }
            }
        }

        return null;
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

        List<string> different = [.. _fields.Keys.Where(name => _fields[name] != other._fields[name])];
        if (_timeIsOfReceipt && other._timeIsOfReceipt)
        {
            different.Remove("event_time");
        }

        return different.Count == 0 ? null : different;
    }
}
