using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Hosting;

namespace Vitrine.Journal.Records;

/// <summary>A journal record for people to read.</summary>
internal static class RecordJson
{
    /// <summary>Text stays readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one record.</summary>
    public static void Write(Utf8JsonWriter writer, long position, ReadOnlySpan<byte> record)
    {
        writer.WriteStartObject();
        writer.WriteNumber("position", position);
        writer.WriteString("req_id", RequestId.Of(position));
        writer.WriteNumber("bytes", record.Length);
        switch (RecordKinds.Of(record))
        {
            case RecordKind.DeliveredCounts:
                WriteDeliveries(writer, DeliveredCountsCodec.Read(record));
                break;
            case RecordKind.CustomerProfile or RecordKind.CustomerRemoval:
                WriteCustomer(writer, record);
                break;
            case RecordKind.GoalEvents:
                WriteGoals(writer, record);
                break;
            case RecordKind.Erasure:
                WriteErasure(writer, ErasureRecordCodec.Read(record));
                break;
            case RecordKind.Erased:
                writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(ErasureRecordCodec.ReadErased(record)));
                writer.WriteBoolean("erased", true);
                break;
            case RecordKind.Retention:
                WriteRetention(writer, RetentionRecordCodec.Read(record));
                break;
            default:
                WriteRequest(writer, record);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteDeliveries(Utf8JsonWriter writer, DeliveredCounts counts)
    {
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(counts.ReceivedAt));
        writer.WriteString("environment", counts.Environment);
        writer.WriteStartArray("delivered");
        foreach (var one in counts.Counts)
        {
            writer.WriteStartObject();
            writer.WriteString("experience_id", one.ExperienceId);
            writer.WriteString("experience", one.ExperienceName);
            writer.WriteNumber("version", one.Version);
            writer.WriteString("audience_id", one.AudienceId);
            writer.WriteString("audience_name", one.AudienceName);
            writer.WriteString("moe_variation_id", one.VariationId);
            writer.WriteString("hour", DateTimeOffset.FromUnixTimeSeconds(one.Hour * 3600));
            writer.WriteNumber("count", one.Delivered);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRetention(Utf8JsonWriter writer, RetentionRecord retention)
    {
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(retention.ReceivedAt));
        writer.WriteString("environment", retention.EnvironmentId);
        writer.WriteString("hourly_until", DateTimeOffset.FromUnixTimeSeconds(retention.Until));
        writer.WriteNumber("up_to", retention.UpTo);
        writer.WriteNumber("conversions", retention.Conversions.Count);
    }

    private static void WriteCustomer(Utf8JsonWriter writer, ReadOnlySpan<byte> record)
    {
        var change = CustomerRecordCodec.Read(record);
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(change.ReceivedAt));
        writer.WriteString("environment", change.Environment);
        writer.WriteString("customer_id", change.CustomerId);
        writer.WriteBoolean("removed", change.IsRemoval);
        if (!change.IsRemoval)
        {
            writer.WritePropertyName("attributes");
            writer.WriteRawValue(JsonText.OnOneLine(change.Attributes), skipInputValidation: true);
        }
    }

    private static void WriteRequest(Utf8JsonWriter writer, ReadOnlySpan<byte> record)
    {
        var request = new ExperienceRequest();
        ExperienceRequestCodec.Read(record, request);
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(request.ReceivedAt));
        writer.WriteString("environment", request.Environment.Of(record));
        writer.WriteString("refusal", request.Refusal == RejectionReason.None ? null : request.Refusal.Name());
        writer.WriteNumber("received_events", request.ReceivedEvents);
        writer.WriteStartArray("events");
        foreach (var element in request.Elements)
        {
            for (var index = 0; index < element.EventCount; index++)
            {
                WriteEvent(writer, element, request.Events[element.FirstEvent + index], request, record);
            }
        }

        writer.WriteEndArray();
        WriteRejections(writer, request.Rejections, record);
        WriteErased(writer, request.Erased);
    }

    private static void WriteErasure(Utf8JsonWriter writer, ErasureRecord erasure)
    {
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(erasure.ReceivedAt));
        writer.WriteString("environment", erasure.EnvironmentId);
        writer.WriteString("erasure", erasure.ErasureId);
        writer.WriteString("by", erasure.By);
        writer.WriteStartArray("customers");
        foreach (var customer in erasure.Customers)
        {
            writer.WriteStringValue(customer.Length == 0 ? null : customer);
        }

        writer.WriteEndArray();
    }

    private static void WriteErased(Utf8JsonWriter writer, List<ErasedEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("erased");
        foreach (var one in events)
        {
            writer.WriteStartObject();
            writer.WriteString("path", EventPath.Of(one.Element, one.Action));
            writer.WriteString("moe_event_uuid", one.Uuid is { } uuid ? Uuids.Format(uuid) : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteGoals(Utf8JsonWriter writer, ReadOnlySpan<byte> record)
    {
        var request = new GoalRequest();
        GoalRequestCodec.Read(record, request);
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(request.ReceivedAt));
        writer.WriteString("environment", request.Environment.Of(record));
        writer.WriteString("refusal", request.Refusal == RejectionReason.None ? null : request.Refusal.Name());
        writer.WriteNumber("received_events", request.ReceivedEvents);
        writer.WriteString("customer_id", request.CustomerId.Of(record));
        writer.WriteStartArray("events");
        foreach (var action in request.Actions)
        {
            writer.WriteStartObject();
            writer.WriteString("path", EventPath.Of(GoalRequest.NoElement, action.Index));
            writer.WriteString("action", request.Names[action.Name].Of(record));
            writer.WriteString("moe_event_uuid", action.Uuid is { } uuid ? Uuids.Format(uuid) : null);
            writer.WriteString("platform", action.Platform.ToString().ToLowerInvariant());
            writer.WriteNumber("event_time", action.Time);
            if (action.Attributes.Present)
            {
                writer.WritePropertyName("attributes");
                writer.WriteRawValue(JsonText.OnOneLine(action.Attributes.Of(record)), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteRejections(writer, request.Rejections, record);
        WriteErased(writer, request.Erased);
    }

    private static void WriteRejections(Utf8JsonWriter writer, IReadOnlyList<EventRejection> rejections, ReadOnlySpan<byte> record)
    {
        writer.WriteStartArray("rejections");
        foreach (var rejection in rejections)
        {
            writer.WriteStartObject();
            writer.WriteString("path", EventPath.Of(rejection.Element, rejection.Action));
            writer.WriteString("moe_event_uuid", rejection.Uuid is { } uuid ? Uuids.Format(uuid) : null);
            writer.WriteString("reason", rejection.Reason.Name());
            writer.WriteString("error_path", rejection.Explanation.Present ? rejection.ErrorPath(record) : null);
            writer.WriteString("explanation", rejection.Explanation.Of(record));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEvent(
        Utf8JsonWriter writer, RequestElement element, ExperienceEvent one, ExperienceRequest request, ReadOnlySpan<byte> record)
    {
        var context = request.Contexts[one.Context];
        writer.WriteStartObject();
        writer.WriteString("path", EventPath.Of(element.Index, one.Index));
        writer.WriteString("customer_id", element.CustomerId.Of(record));
        writer.WriteString("moe_event_uuid", Uuids.Format(one.Uuid));
        writer.WriteString("action", one.Action == EventAction.Impression ? "MOE_PERSONALIZATION_MESSAGE_SHOWN" : "MOE_PERSONALIZATION_MESSAGE_CLICKED");
        writer.WriteString("platform", one.Platform.ToString().ToLowerInvariant());
        writer.WriteNumber("event_time", one.Time);
        writer.WriteString("cid", context.Cid.Of(record));
        writer.WriteString("moe_variation_id", context.VariationId.Of(record));
        writer.WriteString("audience_id", context.AudienceId.Of(record));
        writer.WriteString("moe_locale_id", context.LocaleId.Of(record));
        writer.WriteEndObject();
    }
}
