using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Takes records of the journal apart, for one environment. One thread at a time.</summary>
internal sealed class ItemReader(string environmentId, bool withProfiles)
{
    private readonly byte[] _environment = Encoding.UTF8.GetBytes(environmentId);
    private readonly ExperienceRequest _request = new();
    private readonly GoalRequest _goals = new();

    /// <summary>Adds what a record holds for the environment. One that cannot be read is passed over: the projection has noted it in its quarantine.</summary>
    public void Read(long position, ReadOnlySpan<byte> record, List<ForwardedItem> items)
    {
        var before = items.Count;
        try
        {
            switch (RecordKinds.Of(record))
            {
                case RecordKind.ExperienceEvents:
                    ReadEvents(position, record, items);
                    break;
                case RecordKind.GoalEvents:
                    ReadGoals(position, record, items);
                    break;
                case RecordKind.CustomerProfile when withProfiles:
                    ReadProfile(position, record, items);
                    break;
                default:
                    break; // Nothing that is forwarded.
            }
        }
        catch (InvalidDataException)
        {
            items.RemoveRange(before, items.Count - before);
        }
    }

    private void ReadEvents(long position, ReadOnlySpan<byte> record, List<ForwardedItem> items)
    {
        ExperienceRequestCodec.Read(record, _request);
        if (!_request.Environment.Of(record).SequenceEqual(_environment))
        {
            return;
        }

        foreach (var element in _request.Elements)
        {
            var customer = Encoding.UTF8.GetString(element.CustomerId.Of(record));
            ReadOnlyMemory<byte> attributes = element.UserAttributes.Present ? element.UserAttributes.Of(record).ToArray() : default;
            for (var index = 0; index < element.EventCount; index++)
            {
                var one = _request.Events[element.FirstEvent + index];
                var (kind, name) = one.Action == EventAction.Click ? (ItemKind.Click, EventActions.Clicked) : (ItemKind.Impression, EventActions.Shown);
                items.Add(new ForwardedItem(kind, position, element.Index, one.Index, customer, one.Uuid, _request.ReceivedAt, name, Content(name, in one, record))
                {
                    TimezoneOffset = element.TimezoneOffset,
                    UserAttributes = attributes,
                });
            }
        }
    }

    private void ReadGoals(long position, ReadOnlySpan<byte> record, List<ForwardedItem> items)
    {
        GoalRequestCodec.Read(record, _goals);
        if (!_goals.Environment.Of(record).SequenceEqual(_environment))
        {
            return;
        }

        var customer = Encoding.UTF8.GetString(_goals.CustomerId.Of(record));
        foreach (var action in _goals.Actions)
        {
            var name = Encoding.UTF8.GetString(_goals.Names[action.Name].Of(record));
            var uuid = action.Uuid ?? UuidOfPlace(position, _goals.ReceivedAt, action.Index);
            items.Add(new ForwardedItem(
                ItemKind.Goal, position, GoalRequest.NoElement, action.Index, customer, uuid, _goals.ReceivedAt, name, Content(name, uuid, in action, record)));
        }
    }

    private void ReadProfile(long position, ReadOnlySpan<byte> record, List<ForwardedItem> items)
    {
        var change = CustomerRecordCodec.Read(record);
        if (change.Environment.SequenceEqual(_environment))
        {
            items.Add(new ForwardedItem(
                ItemKind.Profile, position, GoalRequest.NoElement, -1, Encoding.UTF8.GetString(change.CustomerId), UuidOfPlace(position, change.ReceivedAt, -1), change.ReceivedAt, "", change.Attributes.ToArray()));
        }
    }

    /// <summary>What has no uuid gets one that is the same each time it is sent, so that a repetition of the delivery can be told. A restored journal gives positions again, but not at the same moment.</summary>
    private UInt128 UuidOfPlace(long position, long receivedAt, int action) =>
        Uuids.OfText(string.Create(CultureInfo.InvariantCulture, $"vitrine forwarded\n{environmentId}\n{position}\n{receivedAt}\n{action}"));

    private byte[] Content(string name, in ExperienceEvent one, ReadOnlySpan<byte> record)
    {
        var context = _request.Contexts[one.Context];
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        writer.WriteString("cid", context.Cid.Of(record));
        writer.WriteString("experience", context.Experience.Of(record));
        writer.WriteString("moe_locale_id", context.LocaleId.Of(record));
        writer.WriteString("moe_variation_id", context.VariationId.Of(record));
        writer.WriteString("audience_name", context.AudienceName.Of(record));
        writer.WriteString("audience_id", context.AudienceId.Of(record));
        if (context.Type.Present)
        {
            writer.WriteString("type", context.Type.Of(record));
        }

        if (one.ClickTarget.Present)
        {
            writer.WriteString("b_id", one.ClickTarget.Of(record));
        }

        writer.WriteEndObject();
        writer.Flush();
        var attributes = one.Attributes.Present ? ItemJson.Joined(buffer.WrittenSpan, one.Attributes.Of(record)) : buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteString("action", name);
        writer.WriteString("moe_event_uuid", Uuids.Format(one.Uuid));
        writer.WriteNumber("event_time", one.Time);
        WritePlatform(writer, one.Platform);
        writer.WritePropertyName("attributes");
        writer.WriteRawValue(attributes, skipInputValidation: true);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Content(string name, UInt128 uuid, in GoalAction action, ReadOnlySpan<byte> record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        writer.WriteString("action", name);
        writer.WriteString("moe_event_uuid", Uuids.Format(uuid));
        writer.WriteNumber("current_time", action.Time);
        WritePlatform(writer, action.Platform);
        if (action.TimezoneOffset is { } offset)
        {
            writer.WriteNumber("user_timezone_offset", offset);
        }

        if (action.AppVersion.Present)
        {
            writer.WriteString("app_version", action.AppVersion.Of(record));
        }

        if (action.Attributes.Present)
        {
            writer.WritePropertyName("attributes");
            writer.WriteRawValue(action.Attributes.Of(record), skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePlatform(Utf8JsonWriter writer, Platform platform)
    {
        if (platform != Platform.Unknown)
        {
            writer.WriteString("platform", platform.ToString().ToLowerInvariant());
        }
    }
}
